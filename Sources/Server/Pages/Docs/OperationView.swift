import Application
import Domain
import HTTPTypes

/// All that an operation says of itself.
struct OperationView: Sendable {
  let method, path, title, note, tag, right, curl: String
  let parameters: [SchemaRow]
  let body: [SchemaRow]
  let answers: [Answer]
  let problems: [KindLink]
  let hasParameters, hasBody: Bool
  /// The field that fills the command with one's own key; nil where it takes none.
  let filling: Filling?

  struct Filling: Sendable {
    let placeholder, label: String
  }

  struct Answer: Sendable {
    let status: Int
    let note, type: String
    let rows: [SchemaRow]
    let hasRows: Bool
  }

  init(_ operation: Operation, address: String, ids: [String: String] = [:]) {
    (method, path, title) = (operation.method.rawValue, operation.path, operation.title)
    (note, tag) = (operation.note, operation.tag.rawValue)
    right = operation.right.text
    let command = CurlCommand(operation, address: address, ids: ids)
    curl = command.text
    filling = command.placeholder.map {
      Filling(placeholder: $0, label: $0 == "YOUR_KEY" ? "Your key" : "Your access token")
    }
    parameters = operation.documentedParameters
    var components = operation.answer.components
    switch operation.body {
    case .object(let object): body = SchemaRows(components: components).rows(of: object.schema)
    case .other(let schema, let parts):
      components.merge(parts) { $1 }
      body = SchemaRows(components: components).rows(of: schema)
    case nil: body = []
    }
    let schemas = SchemaRows(components: components)
    answers = operation.answer.content.sorted { $0.key < $1.key }.map { type, schema in
      let rows = schemas.rows(of: schema)
      return Answer(
        status: operation.answer.status.code, note: operation.answer.note, type: type, rows: rows,
        hasRows: !rows.isEmpty)
    }
    problems = operation.kinds.sorted { ($0.status.code, $0.rawValue) < ($1.status.code, $1.rawValue) }.map {
      KindLink($0)
    }
    (hasParameters, hasBody) = (!parameters.isEmpty, !body.isEmpty)
  }
}

extension Operation {
  /// Of the path, of the query, and of the head.
  fileprivate var documentedParameters: [SchemaRow] {
    let inPath = path.matches(of: /\{(\w+)\}/).map { match in
      let name = String(match.output.1)
      return SchemaRow(
        name: name, type: "in the path", note: "The \(name.replacing("_", with: " ")).", isRequired: true)
    }
    let texts = SchemaRows(components: [:])
    let inQuery = query.all.map { parameter in
      SchemaRow(
        name: parameter.name, type: texts.type(of: parameter.schema.json), note: parameter.note ?? "",
        isRequired: parameter.isRequired)
    }
    let inHead =
      isIdempotent
      ? [
        SchemaRow(
          name: "Idempotency-Key", type: "in the head",
          note: "Any text of your own, such as a UUID. The same request again under it creates nothing a second time.",
          isRequired: false)
      ] : []
    return inPath + inQuery + inHead
  }
}

extension Operation.Right {
  /// For people.
  var text: String {
    switch self {
    case .nobody: "Anybody may call it."
    case .person: "Takes the access token of whoever is logged in."
    case .member(let action): "Takes the access token of a member who may \(action.words)."
    case .key(let scope): "Takes an API key that opens \(scope.rawValue)."
    case .memberOrKey(let action, let scope):
      "Takes an API key that opens \(scope.rawValue), or the access token of a member who may \(action.words)."
    }
  }
}
