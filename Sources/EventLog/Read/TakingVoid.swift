package import Domain
import Foundation
package import Postgres

/// The void that took a request out of what counts.
package struct TakingVoid: Sendable {
  /// Where it stands in the shard's log.
  package let position: Int64
  /// When it was recorded.
  package let recordedAt: Instant
  /// What it says: its id, its span, why.
  package let void: TelemetryVoided

  /// Of a request by its own time, in milliseconds since 1970, and its position; nil for one that counts. Throws
  /// ``LogError/unreadable(stream:position:reason:)``.
  package static nonisolated(nonsending) func of(
    _ subject: TrackedUnit.Subject, time: Int64, position: Int64, _ connection: Connection
  ) async throws -> TakingVoid? {
    let rows = try await connection.query(
      """
      SELECT void_position, recorded_at, data
      FROM log.void_taking(
        \(Int32(subject.shard)), \(subject.project), \(subject.mode.rawValue), \(time), \(position))
      """)
    return try rows.first.map { row in
      let stands: Int64 = try row.decode("void_position")
      let data = Array(try row.decode("data", as: String.self).utf8)
      do {
        return TakingVoid(
          position: stands, recordedAt: try row.decode("recorded_at"),
          void: try EventCoding.decode(TelemetryVoided.self, from: data))
      } catch let error as DecodingError {
        throw LogError.unreadable(stream: "project \(subject.project)", position: stands, reason: "\(error)")
      }
    }
  }
}
