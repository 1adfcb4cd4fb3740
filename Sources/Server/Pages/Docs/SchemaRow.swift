import Domain

/// A member of a body, an answer or a query, in a table.
struct SchemaRow: Sendable, Equatable {
  /// With what it lies in: `usage[].day`.
  let name: String
  let type: String
  let note: String
  let isRequired: Bool
}

/// Tells what a JSON Schema allows as rows, as far as ours use it.
struct SchemaRows: Sendable {
  let components: [String: Schema]

  /// No document of ours nests deeper; what refers to itself ends here.
  private static let depth = 5

  /// The members of an object, those that must be there first.
  func rows(of schema: Schema) -> [SchemaRow] { rows(of: schema.json, within: "", depth: 0) }

  private func rows(of schema: JSONValue, within prefix: String, depth: Int) -> [SchemaRow] {
    guard depth < Self.depth else { return [] }
    let (properties, required) = members(of: schema)
    let names = properties.keys.sorted { one, other in
      let (first, second) = (required.contains(one), required.contains(other))
      return first == second ? one < other : first
    }
    return names.flatMap { name -> [SchemaRow] in
      guard let property = properties[name] else { return [] }
      let row = SchemaRow(
        name: prefix + name, type: type(of: property), note: Self.text(property, "description") ?? "",
        isRequired: required.contains(name))
      let (inner, isList) = element(of: property)
      return [row] + rows(of: inner, within: "\(prefix)\(name)\(isList ? "[]" : "").", depth: depth + 1)
    }
  }

  /// What an object may hold, also where it is one of several.
  private func members(of schema: JSONValue) -> (properties: [String: JSONValue], required: Set<String>) {
    guard case .object(let members) = resolved(schema) else { return ([:], []) }
    var properties: [String: JSONValue] = [:]
    var required: Set<String> = []
    if case .object(let own) = members["properties"] { properties = own }
    if case .array(let names) = members["required"] {
      required = Set(names.compactMap { if case .string(let name) = $0 { name } else { nil } })
    }
    for part in Self.list(members["allOf"]) {
      let found = self.members(of: part)
      properties.merge(found.properties) { own, _ in own }
      required.formUnion(found.required)
    }
    // One of several: what each has, and none must be there.
    for part in Self.list(members["anyOf"]) + Self.list(members["oneOf"]) {
      properties.merge(self.members(of: part).properties) { own, _ in own }
    }
    return (properties, required)
  }

  /// What a list holds, or what stands beside null.
  private func element(of schema: JSONValue) -> (schema: JSONValue, isList: Bool) {
    guard case .object(let members) = resolved(schema) else { return (schema, false) }
    if let items = members["items"] { return (items, true) }
    let others = Self.list(members["anyOf"]).filter { Self.text($0, "type") != "null" }
    return others.count == 1 ? element(of: others[0]) : (schema, false)
  }

  private func resolved(_ schema: JSONValue) -> JSONValue {
    guard let reference = Self.text(schema, "$ref"), let name = reference.split(separator: "/").last else {
      return schema
    }
    return components[String(name)]?.json ?? schema
  }

  /// In words, such as `integer, 1 to 500`.
  func type(of schema: JSONValue) -> String {
    guard case .object(let members) = resolved(schema) else { return "anything" }
    if case .array(let words) = members["enum"] { return "one of " + words.map(Self.word).joined(separator: ", ") }
    if let constant = members["const"] { return "always \(Self.word(constant))" }
    let parts = Self.list(members["anyOf"]) + Self.list(members["oneOf"])
    if !parts.isEmpty {
      return Array(Set(parts.map { type(of: $0) })).sorted { one, _ in one != "null" }.joined(separator: " or ")
    }
    switch Self.text(schema, "type") ?? Self.text(resolved(schema), "type") {
    case "array": return "list" + (members["items"].map { " of \(type(of: $0))" } ?? "")
    case "string": return Self.formats[Self.text(resolved(schema), "format") ?? ""] ?? "text"
    case "integer": return "integer" + Self.bounds(members)
    case "number": return "number" + Self.bounds(members)
    case "boolean": return "true or false"
    case let other?: return other
    case nil: return members["allOf"] != nil || members["properties"] != nil ? "object" : "anything"
    }
  }

  private static let formats = [
    "uuid": "UUID", "date-time": "time (RFC 3339)", "date": "day", "email": "e-mail address", "uri": "URI",
  ]

  private static func bounds(_ members: [String: JSONValue]) -> String {
    switch (members["minimum"], members["maximum"]) {
    case (.integer(let low)?, .integer(let high)?):
      high == Int.max ? ", from \(low)" : ", \(Text.number(Int64(low))) to \(Text.number(Int64(high)))"
    case (.integer(let low)?, nil): ", from \(low)"
    default: ""
    }
  }

  private static func list(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let elements) = value { elements } else { [] }
  }

  private static func text(_ value: JSONValue, _ name: String) -> String? {
    guard case .object(let members) = value, case .string(let text) = members[name] else { return nil }
    return text
  }

  private static func word(_ value: JSONValue) -> String {
    if case .string(let text) = value { text } else { value.text }
  }
}
