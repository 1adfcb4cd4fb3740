package import Domain
package import Postgres

/// A table of progress: one row per follower and shard, which says how far it has followed that shard's log, and is the lease of
/// whoever moves it (FOR UPDATE SKIP LOCKED). (position, hash) says which prefix of the log it has seen.
///
/// There is one for each kind of follower, in the schema of those who may move it. All have the columns that are named here.
package struct ProgressTable: Sendable, Hashable {
  private let schema: String
  private let table: String
  /// The column that names the follower.
  private let follower: String

  /// One that is there.
  package init(schema: String, table: String, follower: String) {
    self.schema = schema
    self.table = table
    self.follower = follower
  }

  /// The lanes that have events before them and are not stopped.
  func behind(on pool: Pool) async throws -> [Lane] {
    try await pool.query(
      """
      SELECT c.\(identifier: follower) AS follower, c.shard
      FROM \(identifier: schema).\(identifier: table) AS c JOIN log.heads AS h ON h.shard = c.shard
      WHERE c.status = 'running' AND c.position < h.last_position
      """
    ).map { Lane(follower: try $0.decode("follower"), shard: try $0.decode("shard")) }
  }

  /// Begins the progress of a follower that is new, on each shard where its log stood at a time.
  package func begin(_ name: String, at time: Instant, on pool: Pool) async throws {
    try await pool.query(
      """
      INSERT INTO \(identifier: schema).\(identifier: table) (\(identifier: follower), shard, position, hash, recorded_at)
      SELECT \(name), h.shard, m.position, m.hash, m.recorded_at
      FROM log.heads AS h CROSS JOIN LATERAL log.moment(h.shard, \(time), NULL) AS m
      WHERE NOT EXISTS (
        SELECT FROM \(identifier: schema).\(identifier: table) AS c
        WHERE c.\(identifier: follower) = \(name) AND c.shard = h.shard)
      ON CONFLICT DO NOTHING
      """)
  }

  /// Takes the progress on a shard until the transaction ends; nil when somebody else has it, or there is none.
  nonisolated(nonsending) func lease(_ name: String, shard: Int, _ connection: Connection) async throws -> Lease? {
    let rows = try await connection.query(
      """
      SELECT c.* FROM \(identifier: schema).\(identifier: table) AS c
      WHERE c.\(identifier: follower) = \(name) AND c.shard = \(Int32(shard)) FOR UPDATE SKIP LOCKED
      """)
    return try rows.first.map { Lease(shard: shard, position: try $0.decode("position"), row: $0) }
  }

  /// Moves progress that the transaction holds.
  package nonisolated(nonsending) func move(_ name: String, to cut: Cut, _ connection: Connection) async throws {
    try await connection.query(
      """
      UPDATE \(identifier: schema).\(identifier: table) AS c
      SET position = \(cut.upto), hash = \(cut.hash), recorded_at = \(cut.recordedAt), applied_at = clock_timestamp(),
        error = NULL
      WHERE c.\(identifier: follower) = \(name) AND c.shard = \(Int32(cut.shard))
      """)
  }

  /// Leaves the reason of a failure where people look for it.
  nonisolated(nonsending) func note(
    _ error: String, of name: String, shard: Int, stopping isStopped: Bool, _ connection: Connection
  ) async throws {
    try await connection.query(
      """
      UPDATE \(identifier: schema).\(identifier: table) AS c
      SET status = \(isStopped ? "stopped" : "running"), error = \(String(error.prefix(Self.longestError)))
      WHERE c.\(identifier: follower) = \(name) AND c.shard = \(Int32(shard))
      """)
  }

  /// Characters of an error that are kept: what PostgreSQL says of a statement may quote all of it.
  private static let longestError = 2_000
}
