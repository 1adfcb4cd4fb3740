import EventLog
import Foundation
import Postgres

/// Moves one reactor on one shard by some batches, in one transaction.
struct ReactorStep: Sendable {
  let reactor: any Reactor
  let shard: Int

  /// One reactor's way through one shard.
  struct Lane: Hashable {
    let reactor: String
    let shard: Int
  }

  /// Batches at a time: up to half a million events are looked through while the lease is held.
  private static let batches: Int32 = 100

  init(_ reactor: any Reactor, shard: Int) {
    self.reactor = reactor
    self.shard = shard
  }

  /// The shards that have events it has not seen. What is older than the horizon it never sees.
  static func shardsBehind(_ reactor: any Reactor, of shards: ShardMap, on pool: Pool) async throws -> [Int] {
    let all = shards.all.map { Int32($0) }
    return try await pool.query(
      """
      SELECT h.shard
      FROM log.heads AS h LEFT JOIN operations.reactors AS r ON r.shard = h.shard AND r.reactor = \(reactor.name)
      WHERE h.shard = ANY (\(all)) AND coalesce(r.position, -1) < h.last_position
      """
    ).map { try $0.decode("shard") }
  }

  /// Takes the lease, reacts, moves the place, commits. False at the log's end, or when somebody else has the lease. Throws what the
  /// reactor throws, ``ReactorGap``, or `PostgresError`.
  func run(on pool: Pool) async throws -> Bool {
    try await ensurePlace(on: pool)
    return try await pool.transaction { connection in
      let place = try await connection.query(
        """
        SELECT position FROM operations.reactors
        WHERE reactor = \(reactor.name) AND shard = \(Int32(shard)) FOR UPDATE SKIP LOCKED
        """)
      guard let after = try place.first?.decode("position", as: Int64.self),
        let upto = try await end(after: after, on: connection)
      else { return false }
      for event in try await events(after: after, upto: upto, on: connection) {
        try await reactor.react(to: event, on: connection)
      }
      try await connection.query(
        """
        UPDATE operations.reactors SET position = \(upto), error = NULL
        WHERE reactor = \(reactor.name) AND shard = \(Int32(shard))
        """)
      return true
    }
  }

  /// Leaves the reason where people look for it.
  func note(_ error: any Error, on pool: Pool) async throws {
    try await pool.query(
      """
      UPDATE operations.reactors SET error = \(String("\(error)".prefix(1_000)))
      WHERE reactor = \(reactor.name) AND shard = \(Int32(shard))
      """)
  }

  /// A reactor that is new here begins at the horizon.
  private func ensurePlace(on pool: Pool) async throws {
    try await pool.query(
      """
      INSERT INTO operations.reactors (reactor, shard, position)
      SELECT \(reactor.name), s.shard, operations.position_before(s.shard, \(Self.horizon))
      FROM (SELECT \(Int32(shard)) AS shard) AS s
      WHERE NOT EXISTS (
        SELECT FROM operations.reactors AS r WHERE r.reactor = \(reactor.name) AND r.shard = s.shard)
      ON CONFLICT DO NOTHING
      """)
  }

  /// The log's own clock says when things were recorded, this machine's how long ago that is: of days, their difference is nothing.
  private static var horizon: Date { Date(timeIntervalSinceNow: -Double(ReactorRunner.horizon)) }

  private nonisolated(nonsending) func end(after: Int64, on connection: Connection) async throws -> Int64? {
    let rows = try await connection.query(
      "SELECT upto, is_whole FROM operations.next_batches(\(Int32(shard)), \(after), \(Self.batches))")
    guard let row = rows.first else { return nil }
    if try row.decode("is_whole", as: Bool.self) { return try row.decode("upto") }
    // Months that were archived while it was away are beyond the horizon, and so no loss.
    let horizon = try await connection.query(
      "SELECT operations.position_before(\(Int32(shard)), \(Self.horizon)) AS position"
    ).first?.decode("position", as: Int64.self)
    guard let horizon, horizon > after else { throw ReactorGap(shard: shard, after: after) }
    return horizon
  }

  private nonisolated(nonsending) func events(
    after: Int64, upto: Int64, on connection: Connection
  ) async throws -> [LoggedEvent] {
    try await connection.query(
      """
      SELECT position, recorded_at, type, stream, account_id, month, data
      FROM operations.events_to_react_to(\(Int32(shard)), \(after), \(upto), \(reactor.types), \(Self.horizon))
      """
    ).map { try LoggedEvent(row: $0, shard: shard) }
  }
}

/// The log is not the gapless sequence that it promises to be.
struct ReactorGap: Error, CustomStringConvertible {
  let shard: Int
  let after: Int64
  var description: String {
    "shard \(shard) of the log is not whole after position \(after): nothing was skipped; run `recount audit verify`"
  }
}
