import Application
import Domain
import Foundation

/// Which requests are asked for, singly or counted.
enum RequestParameters {
  /// All of them; a place is for pages alone.
  static let filter = QueryParameters(
    endpoint, template, path, method, status, key, consumer, release, atLeast, atMost)

  static let endpoint = Parameter<String?>.text(
    "endpoint", "A template, a path, or a path with its query string, whichever it is.")
  static let template = Parameter<String?>.text("template", "The path with `{id}` for the ids in it.")
  static let path = Parameter<String?>.text("path", "As it was called, without its query string.")
  static let method = Parameter<String?>.text(
    "method", "As it was sent; GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH in upper or lower case.")
  static let consumer = Parameter<String?>.text("consumer", "Who called.")
  static let release = Parameter<String?>.text("release", "What served it.")

  private static let word = "(ok|[1-5]xx|[1-5][0-9]{2})"
  static let status = Parameter<StatusFilter?>(
    "status", .pattern("^\(word)(,\(word)){0,31}$"),
    note:
      "One or several, between commas: exact ones such as 404, classes such as 5xx, and `ok`, which is all below 400."
  ) { parameters in
    try parameters.value("status", allowed: StatusFilter.allowed) { StatusFilter($0) }
  }

  static let key = Parameter<UUID?>("key_id", .uuid, note: "The key that sent it.") { parameters in
    try parameters.value("key_id", allowed: "the id of a key, a UUID") { UUID(uuidString: $0) }
  }

  static let atLeast = time("min_ms", "It took at least this long. What has no response time is not found.")
  static let atMost = time("max_ms", "It took at most this long. What has no response time is not found.")

  static let place = Parameter<RequestPlace?>.cursor { parameters in
    try parameters.cursor(Instant.self, Int64.self).map { RequestPlace(time: $0, position: $1) }
  }

  /// In nanoseconds.
  private static func time(_ name: String, _ note: String) -> Parameter<Int64?> {
    Parameter(name, .pattern("^[0-9]{1,10}([.][0-9]{1,6})?$"), note: note) { parameters in
      try parameters.value(name, allowed: "milliseconds such as 250 or 0.5, of up to six decimals") {
        RequestFilter.nanoseconds(ofMilliseconds: $0)
      }
    }
  }
}

extension ReadParameters {
  /// What a text says; nil when it is missing or empty.
  fileprivate func value<Value>(_ name: String, allowed: String, _ read: (String) -> Value?) throws -> Value? {
    guard let given = try text(name) else { return nil }
    guard let value = read(given) else { throw invalid(name, given, allowed: allowed) }
    return value
  }
}

extension RequestFilter {
  /// What a call asks for. Throws the problem of a parameter that won't do.
  init(_ call: Call) throws {
    self.init()
    endpoint = try call(RequestParameters.endpoint)
    template = try call(RequestParameters.template)
    path = try call(RequestParameters.path)
    method = try call(RequestParameters.method).map { TrackedMethod(rawValue: $0)?.rawValue ?? $0 }
    status = try call(RequestParameters.status)
    key = try call(RequestParameters.key)
    consumer = try call(RequestParameters.consumer)
    release = try call(RequestParameters.release)
    atLeast = try call(RequestParameters.atLeast)
    atMost = try call(RequestParameters.atMost)
    if let least = atLeast, let most = atMost, least > most {
      let parameters = ReadParameters(call.request)
      throw parameters.invalid("min_ms", try parameters.text("min_ms") ?? "", allowed: "at most max_ms")
    }
  }
}
