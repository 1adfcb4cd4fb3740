import Domain
import HTTPTypes

/// A call of an operation, to be pasted with one's own key in its place.
struct CurlCommand: Sendable {
  let text: String
  /// What stands in it for one's own key or token; nil where it takes none.
  let placeholder: String?

  /// - Parameter ids: what is known of whoever reads it, by the names that paths have for it.
  init(_ operation: Operation, address: String, ids: [String: String] = [:]) {
    placeholder = operation.right.token
    let path = operation.path.replacing(/\{(\w+)\}/) {
      ids[String($0.output.1)] ?? "YOUR_\($0.output.1.uppercased())"
    }
    let required = operation.query.all.filter(\.isRequired).map { "\($0.name)=\(ids[$0.name] ?? $0.name.uppercased())" }
    let query = required.isEmpty ? "" : "?" + required.joined(separator: "&")
    var lines = [
      "curl" + (operation.method == .get || operation.method == .post ? "" : " -X \(operation.method.rawValue)")
    ]
    lines[0] += " '\(address)\(path)\(query)'"
    if let token = operation.right.token { lines.append("-H 'Authorization: Bearer \(token)'") }
    if let body = operation.sampleBody {
      lines.append("-H 'Content-Type: application/json'")
      lines.append("-d '\(body)'")
    } else if operation.method == .post {
      lines[0] = lines[0].replacing("curl ", with: "curl -X POST ", maxReplacements: 1)
    }
    text = lines.joined(separator: " \\\n  ")
  }
}

extension Operation.Right {
  fileprivate var token: String? {
    switch self {
    case .nobody: nil
    case .person, .member: "YOUR_ACCESS_TOKEN"
    case .key, .memberOrKey: "YOUR_KEY"
    }
  }
}

extension Operation {
  /// With what must be there; nil where nothing is sent.
  fileprivate var sampleBody: String? {
    switch body {
    case nil: nil
    case .object(let body):
      JSONValue.object(
        Dictionary(
          uniqueKeysWithValues: body.members.filter(\.isRequired).map { ($0.name, Self.sample($0.name, $0.schema)) })
      ).text
    case .other:
      // Its timestamp is taken by the shell, outside of the quotes.
      #"{"endpoint": "/v2/orders/1234", "method": "GET", "status_code": 200, "response_time_ms": 12.5, "timestamp": "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"}"#
    }
  }

  private static func sample(_ name: String, _ schema: Schema) -> JSONValue {
    if case .array(let words) = schema.members["enum"], let first = words.first { return first }
    switch (schema.members["type"], schema.members["format"]) {
    case (.string("integer"), _): return 1
    case (.string("boolean"), _): return true
    case (_, .string("email")): return "me@example.com"
    case (_, .string("date-time")): return "2026-11-27T09:00:00Z"
    default: return .string(name == "name" ? "shop" : name.uppercased())
    }
  }
}
