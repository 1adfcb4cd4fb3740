import EventLog
import Postgres

extension Rebuild {
  /// In one transaction: keep everybody from moving either model, bring the new one up to date, exchange the names.
  func swap() async throws {
    // Read committed: it waits for steps under way, and must then see what they did.
    try await pool.transaction(.readCommitted) { connection in
      try await connection.query(Installation.lock)
      let positions = try await lock(connection)
      // Somebody else swapped it while we waited.
      guard !positions.isEmpty else { return }
      for (shard, position, foresight) in positions {
        try await finish(shard, from: position, foresight: foresight, connection)
      }
      try await exchange(connection)
    }
  }

  /// Waits for the progress of both models and keeps it. Returns where the new one is, by shard.
  private nonisolated(nonsending) func lock(
    _ connection: Connection
  ) async throws -> [(shard: Int, position: Int64, foresight: Int64)] {
    let rows = try await connection.query(
      """
      SELECT projection, shard, position, foresight FROM projector.progress
      WHERE projection = \(projection.name)
        OR projection = \(projection.nextName) AND definition = \(projection.definition)
      ORDER BY projection, shard FOR UPDATE
      """,
      deadline: .seconds(300))
    return try rows.filter { try $0.decode("projection", as: String.self) == projection.nextName }
      .map { (try $0.decode("shard"), try $0.decode("position"), try $0.decode("foresight")) }
  }

  private nonisolated(nonsending) func finish(
    _ shard: Int, from position: Int64, foresight: Int64, _ connection: Connection
  ) async throws {
    var position = position
    while let cut = try await projection.advance(
      connection, schema: projection.nextName, shard: shard, after: position, most: Pace.largest, foresight: foresight)
    {
      try await ProgressTable.projections.move(projection.nextName, to: cut, connection)
      position = cut.upto
    }
  }

  /// Renames rather than drops: a rename waits for no reader.
  private nonisolated(nonsending) func exchange(_ connection: Connection) async throws {
    let (name, next, old) = (projection.name, projection.nextName, projection.oldName)
    try await connection.query("DROP SCHEMA IF EXISTS \(identifier: old) CASCADE", deadline: .seconds(120))
    let live = try await connection.query("SELECT FROM pg_namespace WHERE nspname = \(name)")
    if !live.isEmpty {
      try await connection.query("ALTER SCHEMA \(identifier: name) RENAME TO \(identifier: old)")
    }
    try await connection.query("ALTER SCHEMA \(identifier: next) RENAME TO \(identifier: name)")
    try await connection.query("DELETE FROM projector.progress WHERE projection = \(name)")
    try await connection.query("UPDATE projector.progress SET projection = \(name) WHERE projection = \(next)")
  }
}
