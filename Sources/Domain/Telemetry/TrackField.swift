/// The fields of a track request that mean something to us. All others are ignored, so that a newer client can talk to
/// an older server.
public enum TrackField: String, CaseIterable, Hashable, Sendable {
  /// The path that was called.
  case endpoint
  /// The request method.
  case method
  /// The HTTP status.
  case statusCode = "status_code"
  /// Milliseconds.
  case responseTime = "response_time_ms"
  /// When the request was made.
  case timestamp
  /// The customer's id of one event.
  case eventID = "event_id"
  /// The key, if it is not in a header.
  case apiKey = "api_key"
  /// The customer's id of a whole request.
  case batchID = "batch_id"
  /// The events of a request of many.
  case events

  /// The field of an unescaped name.
  @inline(__always)
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> TrackField? {
    // Length and first letter tell all but one pair apart, so that only one name is compared in full.
    let field: TrackField
    switch (name.count, name.first) {
    case (8, UInt8(ascii: "b")): field = .batchID
    case (8, _): field = name.last == UInt8(ascii: "t") ? .endpoint : .eventID
    case (6, UInt8(ascii: "m")): field = .method
    case (6, _): field = .events
    case (7, _): field = .apiKey
    case (9, _): field = .timestamp
    case (11, _): field = .statusCode
    case (16, _): field = .responseTime
    default: return nil
    }
    return field.name.matches(name) ? field : nil
  }

  private var name: StaticString {
    switch self {
    case .endpoint: "endpoint"
    case .method: "method"
    case .statusCode: "status_code"
    case .responseTime: "response_time_ms"
    case .timestamp: "timestamp"
    case .eventID: "event_id"
    case .apiKey: "api_key"
    case .batchID: "batch_id"
    case .events: "events"
    }
  }
}

extension StaticString {
  @inline(__always)
  fileprivate func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count == utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count where bytes[index] != utf8Start[index] { return false }
    return true
  }
}
