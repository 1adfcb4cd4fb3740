import Domain
import EventLog
import Postgres

/// A stream as the log has it, for whoever checks what was said in it: read in the caller's transaction, so that several are of one moment.
struct SaidStream<Event: RecordedEvent>: Sendable {
  let events: [Said]

  /// An event, and where it was said.
  struct Said: Sendable {
    let event: Event
    let place: SaidPlace
  }

  /// Throws ``SaidStreamFault`` where something is missing or can't be read.
  static nonisolated(nonsending) func read(_ stream: StreamID, on connection: Connection) async throws -> Self {
    let rows = try await connection.query(
      """
      SELECT version, position, recorded_at, type, data
      FROM operations.said_in_stream(\(Int32(stream.shard)), \(stream.name))
      """, deadline: .seconds(600))
    var events: [Said] = []
    for row in rows {
      let version: Int = try row.decode("version")
      let position: Int64 = try row.decode("position")
      guard version == events.count + 1 else {
        throw SaidStreamFault(
          stream: stream, position: position, reason: "version \(events.count + 1) is missing before it")
      }
      guard let type = try row.decode("type", as: String?.self) else {
        throw SaidStreamFault(stream: stream, position: position, reason: "what was recorded there is gone")
      }
      let place = SaidPlace(
        shard: stream.shard, position: position, recordedAt: try row.decode("recorded_at"), type: type)
      events.append(Said(event: try Self.event(at: place, in: stream, data: row.decode("data")), place: place))
    }
    return Self(events: events)
  }

  private static func event(at place: SaidPlace, in stream: StreamID, data: String) throws -> Event {
    var reason = "the event type \(place.type) is not known here"
    do {
      if let event = try Event.decode(place.type, from: Array(data.utf8)) { return event }
    } catch {
      reason = "it can't be read: \(error)"
    }
    throw SaidStreamFault(stream: stream, position: place.position, reason: reason)
  }
}

/// Where something was said.
struct SaidPlace: Sendable {
  let shard: Int
  let position: Int64
  let recordedAt: Instant
  let type: String
}

/// A stream can't be read whole.
struct SaidStreamFault: Error {
  let stream: StreamID
  let position: Int64
  let reason: String

  /// Where, and what is wrong there.
  var text: String { "stream \(stream.name), position \(position) of shard \(stream.shard): \(reason)" }
}
