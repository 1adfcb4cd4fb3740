import Foundation
import Logging
package import Postgres

/// Puts the projector's own tables and the missing projections into the database. Safe to run twice, and in several processes
/// at once.
package struct Installation: Sendable {
  let pool: Pool
  let projections: [Projection]
  let logger: Logger

  /// Only one process installs, rebuilds or swaps at a time.
  static let lock: Query = "SELECT pg_advisory_xact_lock(hashtext('recount projections'))"

  /// How far each read model is. Owned, like the read models, by recount_projector; dropped with them, nothing is lost: the next
  /// projector builds all of them anew from the log.
  package static func schema() throws -> Schema {
    try Schema(name: "projector", folder: Bundle.module.url(forResource: "SQL", withExtension: nil))
  }

  /// Returns the projections that the database has by another definition: they are to be rebuilt.
  func run() async throws -> [Projection] {
    let changed = try await pool.transaction { connection in
      try await connection.query(Self.lock)
      guard
        try await connection.query(
          "SELECT to_regprocedure('log.next_cut(integer, bigint, bigint)') IS NOT NULL AS exists"
        ).first?.decode("exists")
          == true
      else { throw NoLog() }
      try await Self.schema().install(on: connection)
      var changed: [Projection] = []
      for projection in projections {
        switch try await state(of: projection, connection) {
        case .current: break
        case .changed: changed.append(projection)
        // One that was built beside takes its place as that of a changed one does.
        case .missing where try await isBegun(projection, connection): changed.append(projection)
        case .missing: try await create(projection, as: projection.name, connection)
        }
      }
      return changed
    }
    for projection in projections { try await dropLeftover(of: projection) }
    return changed
  }

  /// Those that the database has by another definition, or not at all.
  func changed() async throws -> [Projection] {
    _ = try await Installation(pool: pool, projections: [], logger: logger).run()
    return try await pool.transaction { connection in
      var changed: [Projection] = []
      for projection in projections where try await state(of: projection, connection) != .current {
        changed.append(projection)
      }
      return changed
    }
  }

  /// Whether one of its definition is being built, or is built, beside the live one.
  nonisolated(nonsending) func isBegun(_ projection: Projection, _ connection: Connection) async throws -> Bool {
    try await !connection.query(
      """
      SELECT FROM projector.progress
      WHERE projection = \(projection.nextName) AND definition = \(projection.definition)
        AND to_regnamespace(\(projection.nextName)) IS NOT NULL
      """
    ).isEmpty
  }

  private enum State { case missing, current, changed }

  private nonisolated(nonsending) func state(of projection: Projection, _ connection: Connection) async throws -> State
  {
    let row = try await connection.query(
      """
      SELECT count(*) AS shards, bool_and(definition = \(projection.definition)) AS is_current,
        to_regnamespace(\(projection.name)) IS NOT NULL AS exists
      FROM projector.progress WHERE projection = \(projection.name)
      """
    ).first
    guard let row, try row.decode("exists", as: Bool.self), try row.decode("shards", as: Int.self) > 0 else {
      return .missing
    }
    return try row.decode("is_current", as: Bool.self) ? .current : .changed
  }

  /// Creates empty tables in a schema, with progress at the log's beginning. What bore the name before is dropped; another
  /// owner's schema can't be, and the database says so.
  nonisolated(nonsending) func create(_ projection: Projection, as schema: String, _ connection: Connection)
    async throws
  {
    try await connection.query("DROP SCHEMA IF EXISTS \(identifier: schema) CASCADE", deadline: .seconds(120))
    try await projection.createTables(in: schema, connection)
    try await connection.query("DELETE FROM projector.progress WHERE projection = \(schema)")
    try await connection.query(
      """
      INSERT INTO projector.progress (projection, shard, definition, foresight)
      SELECT \(schema), h.shard, \(projection.definition), h.last_position FROM log.heads AS h
      """)
    logger.info("projection created", metadata: ["schema": "\(schema)"])
  }

  /// What a swap left behind because somebody was still reading it.
  func dropLeftover(of projection: Projection) async throws {
    do {
      try await pool.transaction { connection in
        try await connection.query("SELECT set_config('lock_timeout', '2s', true)")
        try await connection.query(
          "DROP SCHEMA IF EXISTS \(identifier: projection.oldName) CASCADE", deadline: .seconds(120))
      }
    } catch let error as PostgresError where error.sqlState == "55P03" {
      logger.notice(
        "a replaced read model is still being read, it is dropped later", metadata: ["schema": "\(projection.oldName)"])
    }
  }

  /// There is nothing to project.
  struct NoLog: Error, CustomStringConvertible {
    var description: String { "this database holds no log: run `recount migrate` first" }
  }
}

extension Projection {
  /// Creates its schema and empty tables, readable by the server and by auditors.
  nonisolated(nonsending) func createTables(in schemaName: String, _ connection: Connection) async throws {
    try await connection.query("CREATE SCHEMA \(identifier: schemaName)")
    try await connection.query("SELECT set_config('search_path', quote_ident(\(schemaName)), true)")
    try await connection.execute(script: schema)
    try await connection.query("GRANT USAGE ON SCHEMA \(identifier: schemaName) TO recount_server, recount_auditor")
    try await connection.query(
      "GRANT SELECT ON ALL TABLES IN SCHEMA \(identifier: schemaName) TO recount_server, recount_auditor")
    try await connection.query("SELECT set_config('search_path', 'pg_catalog', true)")
  }
}
