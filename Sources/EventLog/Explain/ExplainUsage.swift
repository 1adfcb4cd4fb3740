package import Domain
package import Foundation
package import Postgres

/// Tells which positions of the log make up an account's usage of a month, and what of it came late.
///
/// The shard is walked in steps that end with a batch (``LogWalk``, `SQL/objects/export/usage_pieces.sql`), through archived months too, so that memory
/// does not grow with the log.
package struct ExplainUsage: Sendable {
  private let walk: LogWalk
  /// Events a step reads: only its units are looked at, so it can be a large one.
  static let step: Int64 = 200_000

  /// An explanation, over connections of any role that may read the log. `archive` is where months lie that have left the database.
  package init(pool: Pool, archive: ArchiveReader? = nil) { walk = LogWalk(pool: pool, archive: archive) }

  /// Explains the usage of a month, such as `2026-11`, as of a position of the account's shard. `shownAt` is a moment at which
  /// somebody saw it. `progress` hears of events walked and events in all. Throws ``ArchiveError`` or
  /// `PostgresError`.
  package func callAsFunction(
    account: UUID, shard: Int, mode: KeyMode = .live, month: String, upto: Int64, shownAt: Instant?,
    progress: @Sendable (Int64, Int64) -> Void = { _, _ in }
  ) async throws -> UsageExplanation {
    var explanation = UsageExplanation()
    var after: Int64 = 0
    while let (end, rows) = try await step(account, shard, mode, month, after: after, upto: upto, shownAt) {
      for row in rows { explanation.add(try UsageExplanation.Piece(row)) }
      after = end.position
      progress(after, upto)
    }
    explanation.tracked.sort { ($0.day, $0.firstPosition) < ($1.day, $1.firstPosition) }
    explanation.voided.sort { $0.firstPosition < $1.firstPosition }
    explanation.walked = after
    return explanation
  }

  func step(
    _ account: UUID, _ shard: Int, _ mode: KeyMode, _ month: String, after: Int64, upto: Int64, _ shownAt: Instant?,
    most: Int64 = step
  ) async throws -> (end: LogWalk.End, value: Rows)? {
    try await walk.step(shard, after: after, upto: upto, most: most) { connection, end in
      try await connection.query(
        Query(
          "SELECT * FROM log.usage_pieces($1, $2, $3, $4, $5, $6, $7)",
          [Int32(shard), after, end.position, account, mode.rawValue, month, shownAt]), deadline: .seconds(600))
    }
  }
}

extension UsageExplanation.Piece {
  init(_ row: Row) throws {
    day = try row.decode("day")
    isLate = try row.decode("is_late")
    projectID = try row.decode("project_id")
    keyID = try row.decode("key_id")
    voidID = try row.decode("void_id")
    reason = try row.decode("reason")
    givesBackQuota = try row.decode("gives_back_quota")
    events = try row.decode("events")
    firstPosition = try row.decode("first_position")
    lastPosition = try row.decode("last_position")
  }
}
