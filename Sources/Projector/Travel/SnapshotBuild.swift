import EventLog
import Postgres

/// One projection as it was at a moment.
struct SnapshotBuild: Sendable {
  let pool: Pool
  let projection: Projection
  let name: String
  let moment: Moment

  var schema: String { "\(projection.name)_\(name)" }

  func run(_ progress: @Sendable (ReplayCheck.Progress) -> Void) async throws {
    try await pool.transaction { try await begin($0) }
    var done: [Int: Int64] = [:]
    for prefix in moment.shards {
      while let reached = try await cut(prefix) {
        done[prefix.shard] = reached
        progress(
          ReplayCheck.Progress(
            projection: projection.name, events: done.values.reduce(0, +), total: moment.events))
      }
    }
  }

  /// Creates its tables, or finds those that an earlier run made for the same moment.
  private nonisolated(nonsending) func begin(_ connection: Connection) async throws {
    try await connection.query(Installation.lock)
    let rows = try await connection.query(
      "SELECT shard, upto, hash, definition FROM projector.snapshots WHERE schema = \(schema) ORDER BY shard")
    let exists = try await !connection.query("SELECT FROM pg_namespace WHERE nspname = \(schema)").isEmpty
    if exists {
      guard try isOurs(rows) else { throw TimeTravelError.taken(schema: schema) }
      return
    }
    try await projection.createTables(in: schema, connection)
    try await connection.query("DELETE FROM projector.snapshots WHERE schema = \(schema)")
    for prefix in moment.shards {
      try await connection.query(
        Query(
          """
          INSERT INTO projector.snapshots (schema, shard, projection, name, upto, hash, recorded_at, definition)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
          """,
          [
            schema, Int32(prefix.shard), projection.name, name, prefix.position, prefix.hash, prefix.recordedAt,
            projection.definition,
          ]))
    }
  }

  /// Whether they are of the same prefix of the same log, made by the same definition.
  private func isOurs(_ rows: Rows) throws -> Bool {
    guard rows.count == moment.shards.count else { return false }
    return try zip(rows, moment.shards).allSatisfy { row, prefix in
      try row.decode("shard", as: Int.self) == prefix.shard && row.decode("upto", as: Int64.self) == prefix.position
        && row.decode("hash", as: [UInt8].self) == prefix.hash
        && row.decode("definition", as: String.self) == projection.definition
    }
  }

  /// Applies the next cut. Its row is locked meanwhile, so that no two processes apply the same. Nil when the shard is done.
  private func cut(_ prefix: Moment.Prefix) async throws -> Int64? {
    try await pool.transaction { connection in
      let row = try await connection.query(
        """
        SELECT position FROM projector.snapshots
        WHERE schema = \(schema) AND shard = \(Int32(prefix.shard)) FOR UPDATE
        """,
        deadline: .seconds(300)
      ).first
      guard let row else { throw TimeTravelError.unknown(name) }
      let after: Int64 = try row.decode("position")
      guard after < prefix.position else { return nil }
      // The prefix ends with a batch, so a cut of no more than what is left, or of one batch, can't go beyond it.
      let cut = try await projection.advance(
        connection, schema: schema, shard: prefix.shard, after: after,
        most: min(Pace.largest, prefix.position - after), foresight: prefix.position)
      guard let cut else {
        throw Gap(shard: prefix.shard, after: after, detail: "its end was cut off meanwhile")
      }
      try await connection.query(
        """
        UPDATE projector.snapshots SET position = \(cut.upto)
        WHERE schema = \(schema) AND shard = \(Int32(prefix.shard))
        """)
      return cut.upto
    }
  }
}
