import Postgres

/// One projection of one shard: what a worker takes at a time.
struct Lane: Hashable, Sendable {
  let projection: String
  let shard: Int
}

/// Moves one checkpoint by one cut, in one transaction.
struct Step: Sendable {
  let projection: Projection
  /// The schema that holds the tables, which is also the checkpoint's name: the live one, or the one being built beside it.
  let schema: String
  let shard: Int

  init(_ projection: Projection, schema: String? = nil, shard: Int) {
    self.projection = projection
    self.schema = schema ?? projection.name
    self.shard = shard
  }

  /// What became of it.
  enum Outcome: Sendable {
    /// It applied this.
    case moved(Cut)
    /// There was nothing to apply.
    case upToDate
    /// Someone else holds the lease, or there is no such checkpoint.
    case unavailable
    /// It was stopped before, for this reason.
    case stopped(String)
    /// The read model was built by another definition than ours.
    case redefined
  }

  /// Takes the lease, applies at most `most` events (at least one batch), moves the checkpoint, commits.
  func run(on pool: Pool, most: Int64) async throws -> Outcome {
    do { return try await attempt(on: pool, most: most) } catch is Gap {
      // A month that left the database just after our snapshot was taken looks like a gap; a new snapshot knows the archive.
      return try await attempt(on: pool, most: most)
    }
  }

  private func attempt(on pool: Pool, most: Int64) async throws -> Outcome {
    try await pool.transaction(.repeatableRead) { connection in
      let rows = try await connection.query(
        """
        SELECT position, foresight, status, error, definition FROM projector.checkpoints
        WHERE projection = \(schema) AND shard = \(Int32(shard)) FOR UPDATE SKIP LOCKED
        """)
      guard let row = rows.first else { return .unavailable }
      guard try row.decode("definition", as: String.self) == projection.definition else { return .redefined }
      guard try row.decode("status", as: String.self) == "running" else {
        return .stopped(try row.decode("error", as: String?.self) ?? "no reason was given")
      }
      let after: Int64 = try row.decode("position")
      let advanced = try await projection.advance(
        connection, schema: schema, shard: shard, after: after, most: most, foresight: row.decode("foresight"))
      guard let cut = advanced else { return .upToDate }
      try await move(connection, to: cut)
      return .moved(cut)
    }
  }

  /// Records how far the tables are; their transaction commits both or neither.
  nonisolated(nonsending) func move(_ connection: Connection, to cut: Cut) async throws {
    try await connection.query(
      """
      UPDATE projector.checkpoints
      SET position = \(cut.upto), hash = \(cut.hash), recorded_at = \(cut.recordedAt), applied_at = clock_timestamp()
      WHERE projection = \(schema) AND shard = \(Int32(shard))
      """)
  }

  /// Stops it where it stands, until somebody resumes it. Others go on.
  func stop(on pool: Pool, because error: String) async throws {
    try await pool.query(
      """
      UPDATE projector.checkpoints SET status = 'stopped', error = \(error)
      WHERE projection = \(schema) AND shard = \(Int32(shard)) AND definition = \(projection.definition)
      """)
  }
}
