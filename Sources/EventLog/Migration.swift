package import Domain
import Foundation
package import Logging
package import Postgres

/// Installs the log into a database, or brings an existing one up to date. Safe to run twice, and in two processes at once.
package struct Migration: Sendable {
  /// How many shards a new log gets when nobody says. More spread the appends of many accounts over more cores; fewer gather
  /// larger batches. Four suits a machine of 2 to 8 cores.
  package static let defaultShards = 4

  /// The number of shards: for a new log what it gets, for an existing one what it must have. Nil leaves both alone.
  package var shards: Int?
  /// The day whose month and neighbours get partitions.
  package var today: Instant
  /// Where months lie that have left the database; needed once, by a log of a release that did not meter test events.
  package var archive: ArchiveReader?
  /// What others keep beside the log: brought up to date after it, in the same transaction.
  package var beside: [Schema]

  /// A migration.
  package init(shards: Int? = nil, today: Instant, archive: ArchiveReader? = nil, beside: [Schema] = []) {
    self.shards = shards
    self.today = today
    self.archive = archive
    self.beside = beside
  }

  /// The log's own schema.
  package static func schema() throws -> Schema {
    try Schema(name: "log", folder: Bundle.module.url(forResource: "SQL", withExtension: nil))
  }

  /// Runs on a connection that may create schemas and roles. Throws ``MigrationError``, `PostgresError`,
  /// ``LogError/shardsFixed(existing:asked:)``, ``ArchiveError``.
  package func run(on connection: Connection, logger: Logger) async throws {
    let schema = try Self.schema()
    let count = try await connection.transaction { connection in
      // Two migrations at once would trip over each other's CREATE statements.
      try await connection.query("SELECT pg_advisory_xact_lock(hashtext('recount migration'))", deadline: .seconds(600))
      let oldMeters = try await OldMeters(over: connection, archive: archive)
      try await schema.install(on: connection)
      try await oldMeters?.add(on: connection)
      let count = try await fixShards(connection)
      try await connection.query("SELECT log.ensure_partitions((\(today)::timestamptz AT TIME ZONE 'UTC')::date)")
      for other in beside { try await other.install(on: connection) }
      return count
    }
    logger.info("the log is in place", metadata: ["shards": "\(count)"])
  }

  private nonisolated(nonsending) func fixShards(_ connection: Connection) async throws -> Int {
    let existing = try await connection.query("SELECT shards FROM log.settings").first?.decode("shards", as: Int.self)
    if let existing, let shards, existing != shards { throw LogError.shardsFixed(existing: existing, asked: shards) }
    let count = existing ?? shards ?? Self.defaultShards
    try await connection.query("INSERT INTO log.settings (shards) VALUES (\(Int32(count))) ON CONFLICT DO NOTHING")
    try await connection.query(
      "INSERT INTO log.heads (shard) SELECT generate_series(0, \(Int32(count)) - 1) ON CONFLICT DO NOTHING")
    return count
  }
}
