package import Domain
import Foundation
import Postgres

/// A domain event as the log gives it back: lifted to its current version, its data still JSON.
package struct StoredEvent: Sendable {
  let stream: String
  /// Its place in its stream, from 1.
  package let streamVersion: Int
  /// Its place in its shard's log.
  package let position: Int64
  /// When the log recorded it.
  package let recordedAt: Instant
  /// The event type.
  package let type: String
  let data: String

  /// The event as one of an aggregate's. Throws ``LogError/unreadable(stream:position:reason:)``.
  package func event<E: RecordedEvent>(_: E.Type) throws -> E {
    let event: E?
    do {
      event = try E.decode(type, from: Array(data.utf8))
    } catch {
      throw LogError.unreadable(stream: stream, position: position, reason: "\(type): \(error)")
    }
    guard let event else {
      throw LogError.unreadable(stream: stream, position: position, reason: "the event type \(type) is not known here")
    }
    return event
  }
}

extension Log {
  /// The events of a stream in order, from a version on.
  package func stream(_ stream: StreamID, after version: Int = 0) async throws -> [StoredEvent] {
    let rows = try await pool.query(
      """
      SELECT stream_version, position, recorded_at, type, data::text AS data
      FROM log.read_stream(\(Int32(stream.shard)), \(stream.name), \(Int32(version))) ORDER BY stream_version
      """)
    return try rows.map { row in
      StoredEvent(
        stream: stream.name, streamVersion: try row.decode("stream_version"), position: try row.decode("position"),
        recordedAt: try row.decode("recorded_at"), type: try row.decode("type"), data: try row.decode("data"))
    }
  }

  /// How many events a stream has.
  package func version(of stream: StreamID) async throws -> Int {
    let row = try await pool.query(
      """
      SELECT coalesce(max(version), 0) AS version FROM log.stream_versions
      WHERE shard = \(Int32(stream.shard)) AND stream = \(stream.name)
      """
    ).first
    return try row?.decode("version") ?? 0
  }
}
