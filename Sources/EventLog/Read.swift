public import Domain
public import Foundation
import Postgres

/// A domain event as the log gives it back: lifted to its current version, its data still JSON.
public struct StoredEvent: Sendable {
  let stream: String
  /// Its place in its stream, from 1.
  public let streamVersion: Int
  /// Its place in its shard's log.
  public let position: Int64
  /// When the log recorded it.
  public let recordedAt: Date
  /// The event type.
  public let type: String
  let data: String

  /// The event as one of an aggregate's. Throws ``LogError/unreadable(stream:position:reason:)``.
  public func event<E: RecordedEvent>(_: E.Type) throws -> E {
    guard let kind = E.types.first(where: { $0.type == type }) else {
      throw LogError.unreadable(stream: stream, position: position, reason: "the event type \(type) is not known here")
    }
    do {
      let decoded = try JSONDecoder().decode(kind, from: Data(data.utf8))
      guard let event = E(decoded) else { preconditionFailure("\(E.self) lists \(type) but does not take it") }
      return event
    } catch {
      throw LogError.unreadable(stream: stream, position: position, reason: "\(type): \(error)")
    }
  }
}

extension Log {
  /// The events of a stream in order, from a version on.
  public func stream(_ stream: Stream, after version: Int = 0) async throws -> [StoredEvent] {
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
  public func version(of stream: Stream) async throws -> Int {
    let row = try await pool.query(
      """
      SELECT coalesce(max(version), 0) AS version FROM log.stream_versions
      WHERE shard = \(Int32(stream.shard)) AND stream = \(stream.name)
      """
    ).first
    return try row?.decode("version") ?? 0
  }
}
