import Domain
import HTTPTypes
import Hummingbird

/// What an operation answers when all is well.
struct OperationAnswer: Sendable {
  let status: HTTPResponse.Status
  let note: String
  /// By media type.
  let content: [String: Schema]
  let components: [String: Schema]
  /// Names of the components in the document that describe further headers.
  let headers: [String: String]

  /// Of other media types than JSON.
  init(
    _ status: HTTPResponse.Status, _ note: String, content: [String: Schema],
    components: [String: Schema] = [:], headers: [String: String] = [:]
  ) {
    self.status = status
    self.note = note
    self.content = content
    self.components = components
    self.headers = headers
  }

  /// A JSON object. What was created stands at a Location.
  init<Value>(
    _ status: HTTPResponse.Status, _ shape: Shape<Value>, _ note: String, headers: [String: String] = [:]
  ) {
    self.init(
      status, note, content: ["application/json": shape.schema], components: shape.components,
      headers: status == .created ? headers.merging(["Location": "Location"]) { $1 } : headers)
  }

  /// A JSON object, answered 200.
  init<Value>(_ shape: Shape<Value>, _ note: String, headers: [String: String] = [:]) {
    self.init(.ok, shape, note, headers: headers)
  }

  /// A sentence in JSON.
  static func message(_ status: HTTPResponse.Status, _ note: String) -> OperationAnswer {
    OperationAnswer(status, Shape.message, note)
  }

  /// A sentence in JSON, answered 200.
  static func message(_ note: String) -> OperationAnswer { .message(.ok, note) }
}

extension Shape where Value == String {
  static var message: Shape<String> { Shape("Message", [.text("message", "What happened, for people.") { $0 }]) }
}
