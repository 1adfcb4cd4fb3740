import Foundation
public import Postgres

/// Installs the server's own tables, schema `operations`, beside the log. Safe to run twice, and in two processes at once.
public enum ServerMigration {
  /// Runs after the log's migration, on a connection that may create schemas. Throws `PostgresError`.
  public static func run(on connection: Connection) async throws {
    let script = try SQLFolder.script(of: Bundle.module.url(forResource: "SQL", withExtension: nil))
    try await connection.transaction { connection in
      try await connection.query("SELECT pg_advisory_xact_lock(hashtext('recount migration'))")
      try await connection.execute(script: script)
    }
  }
}
