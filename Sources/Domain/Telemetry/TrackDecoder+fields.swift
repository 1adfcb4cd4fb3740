internal import Foundation

extension TrackDecoder {
  /// - Parameter method: where the event's method stands, which decides what the endpoint may be where it is no path.
  mutating func endpoint(
    _ token: JSONToken?, of method: JSONToken?
  ) throws(FieldProblem) -> (endpoint: String, template: String) {
    let token = try self.token(token, .string, .endpoint, allowedEndpoint)
    if token.isEscaped { return try escapedEndpoint(token, of: method) }
    let target = text(token)
    guard target.count <= limits.endpointBytes else { throw problem(.endpoint, token, allowedEndpoint) }
    if target.first == UInt8(ascii: "/") { return strings(target) }
    guard isTarget(target, of: method) else { throw problem(.endpoint, token, allowedEndpoint) }
    let endpoint = String(decoding: target, as: UTF8.self)
    return (endpoint, endpoint)
  }

  // Worked out only for an error: an event should not pay for the text of one.
  private var allowedEndpoint: String {
    "a path of 1 to \(limits.endpointBytes) bytes that starts with '/', \(TargetForm.allowed)"
  }

  private mutating func escapedEndpoint(
    _ token: JSONToken, of method: JSONToken?
  ) throws(FieldProblem) -> (endpoint: String, template: String) {
    var target: [UInt8] = []
    scanner.appendUnescaped(token, to: &target)
    let isPath = target.first == UInt8(ascii: "/")
    guard target.count <= limits.endpointBytes,
      isPath || target.withUnsafeBufferPointer({ isTarget($0, of: method) })
    else { throw problem(.endpoint, token, allowedEndpoint) }
    guard !target.contains(0) else {
      throw FieldProblem(
        field: .endpoint, found: "U+0000 in \(PrintableText.of(target))",
        allowed: "text without U+0000, which PostgreSQL cannot store")
    }
    guard isPath else {
      let endpoint = String(decoding: target, as: UTF8.self)
      return (endpoint, endpoint)
    }
    return target.withUnsafeBufferPointer { strings($0) }
  }

  /// Only what is no path asks for the method before it is its turn.
  private mutating func isTarget(_ target: UnsafeBufferPointer<UInt8>, of token: JSONToken?) -> Bool {
    guard let token, token.kind == .string, let method = withText(token, { TrackedMethod($0) }) else { return false }
    return TargetForm.isTarget(target, of: method)
  }

  private mutating func strings(_ path: UnsafeBufferPointer<UInt8>) -> (endpoint: String, template: String) {
    scratch.removeAll(keepingCapacity: true)
    PathTemplate.append(templateOf: path, to: &scratch)
    let endpoint = String(decoding: path, as: UTF8.self)
    // Most endpoints are their own template and share its storage.
    if scratch.count == path.count, scratch.elementsEqual(path) { return (endpoint, endpoint) }
    return (endpoint, String(decoding: scratch, as: UTF8.self))
  }

  mutating func method(_ token: JSONToken?) throws(FieldProblem) -> TrackedMethod {
    let token = try self.token(token, .string, .method, TrackedMethod.allowed)
    guard let method = withText(token, { TrackedMethod($0) }) else {
      throw problem(.method, token, TrackedMethod.allowed)
    }
    return method
  }

  func statusCode(_ token: JSONToken?) throws(FieldProblem) -> Int {
    let allowed = "an integer from 100 to 599"
    let token = try self.token(token, .number, .statusCode, allowed)
    let digits = text(token)
    guard digits.count == 3, digits.allSatisfy(ASCII.isDigit) else { throw problem(.statusCode, token, allowed) }
    let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard (100...599).contains(code) else { throw problem(.statusCode, token, allowed) }
    return code
  }

  func responseTime(_ token: JSONToken?) throws(FieldProblem) -> Int64? {
    guard let token, token.kind != .null else { return nil }
    let number = try self.token(token, .number, .responseTime, allowedResponseTime)
    guard let nanoseconds = ResponseTime.nanoseconds(text(number)), nanoseconds <= limits.responseTimeNanoseconds
    else { throw problem(.responseTime, token, allowedResponseTime) }
    return nanoseconds
  }

  private var allowedResponseTime: String { "a number from 0 to \(limits.responseTimeNanoseconds / 1_000_000)" }

  mutating func timestamp(_ token: JSONToken?) throws(FieldProblem) -> Instant {
    let token = try self.token(token, .string, .timestamp, Instant.allowed)
    guard let instant = withText(token, { Instant($0) }) else {
      throw problem(
        .timestamp, token, withText(token) { Instant.allowed(insteadOf: String(decoding: $0, as: UTF8.self)) })
    }
    return instant.toMillisecond
  }

  mutating func eventID(_ token: JSONToken?) throws(FieldProblem) -> UUID? {
    guard let token, token.kind != .null else { return nil }
    sawEventID = true
    guard !hasBatchID else {
      throw FieldProblem(
        field: .eventID, found: "it in a request with a batch_id",
        allowed: "one kind of id in a request: leave out either batch_id or every event_id")
    }
    let string = try self.token(token, .string, .eventID, UUIDText.allowed)
    guard let id = withText(string, { UUIDText.uuid($0) }) else {
      throw problem(.eventID, token, UUIDText.allowed)
    }
    return id
  }

  mutating func apiKey(_ token: JSONToken?) throws(TrackBodyError) -> String? {
    guard let token, token.kind != .null else { return nil }
    let allowed = "a string of 1 to \(limits.apiKeyBytes) bytes"
    guard token.kind == .string else { throw .badAPIKey(found: token.kind.name, allowed: allowed) }
    let key = withText(token) { String(decoding: $0, as: UTF8.self) }
    guard (1...limits.apiKeyBytes).contains(key.utf8.count) else {
      throw .badAPIKey(found: "a string of \(key.utf8.count) bytes", allowed: allowed)
    }
    return key
  }

  mutating func batchID(_ token: JSONToken?) throws(TrackBodyError) -> UUID? {
    guard let token, token.kind != .null else { return nil }
    guard token.kind == .string, let id = withText(token, { UUIDText.uuid($0) }) else {
      throw .badBatchID(found: description(of: token))
    }
    return id
  }
}
