public import Foundation

/// Events that travel together under one id. The server remembers the id: the same batch again adds nothing.
public struct TrackBatch: Sendable, Hashable {
  /// The most events that the server takes in one request.
  public static let eventLimit = 5_000
  /// The largest body that the server takes, in bytes.
  public static let byteLimit = 5_000_000

  /// Names the batch for good. Each event's own id is (batch id, ordinal).
  public let id: UUID
  /// The events, in the order that their ids depend on.
  public let events: [TrackEvent]

  /// A batch of events. Leave the id out unless you can derive the same one again after a crash.
  public init(_ events: [TrackEvent], id: UUID = UUIDv7.make()) {
    self.id = id
    self.events = events
  }

  /// The request's body: JSON, the same bytes for the same batch.
  package var body: [UInt8] {
    var json: [UInt8] = []
    json.reserveCapacity(events.count * 160 + 64)
    json += #"{"batch_id":""#.utf8
    json += id.uuidString.lowercased().utf8
    json += #"","events":["#.utf8
    for (index, event) in events.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      event.write(to: &json)
    }
    json += "]}".utf8
    return json
  }
}
