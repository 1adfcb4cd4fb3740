package import Domain
import EventLog
package import Foundation
import Postgres

/// A domain event as the log has it, for those who know no aggregate.
package struct LoggedEvent: Sendable {
  /// Its shard.
  package let shard: Int
  /// Its place in its shard's log.
  package let position: Int64
  /// When it was recorded.
  package let recordedAt: Instant
  /// The event type.
  package let type: String
  /// The stream it belongs to; nil for what the log itself adds, such as a quota's end.
  package let stream: String?
  /// Whose it is, if an account's.
  package let accountID: UUID?
  /// The month it is metered in, such as `2026-11`, for what the log itself adds.
  package let month: String?
  /// Its data in JSON.
  package let data: String
}

extension LoggedEvent {
  /// Those of some types in a cut, in order, that were recorded since a time.
  static nonisolated(nonsending) func all(
    in cut: Cut, ofTypes types: [String], since time: Instant, on connection: Connection
  ) async throws -> [LoggedEvent] {
    try await connection.query(
      """
      SELECT position, recorded_at, type, stream, account_id, month, data
      FROM operations.events_to_react_to(\(Int32(cut.shard)), \(cut.after), \(cut.upto), \(types), \(time))
      """
    ).map { try LoggedEvent(row: $0, shard: cut.shard) }
  }

  init(row: Row, shard: Int) throws {
    self.shard = shard
    position = try row.decode("position")
    recordedAt = try row.decode("recorded_at")
    type = try row.decode("type")
    stream = try row.decode("stream")
    accountID = try row.decode("account_id")
    month = try row.decode("month")
    data = try row.decode("data")
  }

  /// The event at a position; nil when the log does not hold it any more.
  static func at(_ position: Int64, of shard: Int, on pool: Pool) async throws -> LoggedEvent? {
    try await pool.query(
      """
      SELECT position, recorded_at, type, stream, account_id, month, data
      FROM operations.event_at(\(Int32(shard)), \(position))
      """
    ).first.map { try LoggedEvent(row: $0, shard: shard) }
  }
}
