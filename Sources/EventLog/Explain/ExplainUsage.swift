public import Foundation
public import Postgres

/// Tells which positions of the log make up an account's usage of a month, and what of it came late.
///
/// The shard is walked in steps that end with a batch (`SQL/290_chain_end.sql`, `SQL/345_usage_pieces.sql`), so that memory does not
/// grow with the log.
public struct ExplainUsage: Sendable {
  /// Connections of any role that may read the log.
  public var pool: Pool
  /// Events a step reads: only its units are looked at, so it can be a large one.
  private static let step: Int64 = 200_000

  /// An explanation.
  public init(pool: Pool) { self.pool = pool }

  /// Explains the usage of a month, such as `2026-11`, as of a position of the account's shard. `shownAt` is a moment at which
  /// somebody saw it. `progress` hears of events walked and events in all. Throws `PostgresError`.
  public func callAsFunction(
    account: UUID, shard: Int, month: String, upto: Int64, shownAt: Date?,
    progress: @Sendable (Int64, Int64) -> Void = { _, _ in }
  ) async throws -> UsageExplanation {
    var explanation = UsageExplanation()
    var after: Int64 = 0
    while let end = try await end(of: shard, after: after, upto: upto) {
      let rows = try await pool.query(
        Query(
          "SELECT * FROM log.usage_pieces($1, $2, $3, $4, $5, $6)",
          [Int32(shard), after, end, account, month, shownAt]), deadline: .seconds(600))
      for row in rows { explanation.add(try UsageExplanation.Piece(row)) }
      after = end
      progress(after, upto)
    }
    explanation.tracked.sort { ($0.day, $0.firstPosition) < ($1.day, $1.firstPosition) }
    explanation.voided.sort { $0.firstPosition < $1.firstPosition }
    explanation.walked = after
    return explanation
  }

  private func end(of shard: Int, after: Int64, upto: Int64) async throws -> Int64? {
    try await pool.query(
      "SELECT last_position FROM log.chain_end(\(Int32(shard)), \(after), \(upto), \(Self.step))"
    ).first?.decode("last_position")
  }
}

extension UsageExplanation.Piece {
  fileprivate init(_ row: Row) throws {
    day = try row.decode("day")
    isLate = try row.decode("is_late")
    projectID = try row.decode("project_id")
    keyID = try row.decode("key_id")
    voidID = try row.decode("void_id")
    reason = try row.decode("reason")
    events = try row.decode("events")
    firstPosition = try row.decode("first_position")
    lastPosition = try row.decode("last_position")
  }
}
