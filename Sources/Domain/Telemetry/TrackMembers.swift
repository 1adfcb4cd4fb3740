/// The places of the fields we know in one object.
struct TrackMembers {
  var endpoint: JSONToken?
  var method: JSONToken?
  var statusCode: JSONToken?
  var responseTime: JSONToken?
  var timestamp: JSONToken?
  var eventID: JSONToken?
  var apiKey: JSONToken?
  var batchID: JSONToken?
  /// The first field that came twice.
  var repeated: TrackField?

  @inline(__always)
  mutating func note(_ field: TrackField, _ token: JSONToken) {
    switch field {
    case .endpoint: Self.note(field, token, in: &endpoint, &repeated)
    case .method: Self.note(field, token, in: &method, &repeated)
    case .statusCode: Self.note(field, token, in: &statusCode, &repeated)
    case .responseTime: Self.note(field, token, in: &responseTime, &repeated)
    case .timestamp: Self.note(field, token, in: &timestamp, &repeated)
    case .eventID: Self.note(field, token, in: &eventID, &repeated)
    case .apiKey: Self.note(field, token, in: &apiKey, &repeated)
    case .batchID: Self.note(field, token, in: &batchID, &repeated)
    case .events: break  // Read where it stands, by TrackDecoder.
    }
  }

  @inline(__always)
  private static func note(
    _ field: TrackField, _ token: JSONToken, in place: inout JSONToken?, _ repeated: inout TrackField?
  ) {
    if place != nil, repeated == nil { repeated = field }
    place = token
  }

  /// The fields of an event that are there.
  var ofEvent: [(TrackField, JSONToken)] {
    let all: [(TrackField, JSONToken?)] = [
      (.endpoint, endpoint), (.method, method), (.statusCode, statusCode), (.responseTime, responseTime),
      (.timestamp, timestamp), (.eventID, eventID),
    ]
    return all.compactMap { field, token in token.map { (field, $0) } }
  }
}
