public import Foundation
public import Logging
public import Postgres

/// Installs the log into a database, or brings an existing one up to date. Safe to run twice, and in two processes at once.
public struct Migration: Sendable {
  /// How many shards a new log gets when nobody says. More spread the appends of many accounts over more cores; fewer gather
  /// larger batches. Four suits a machine of 2 to 8 cores.
  public static let defaultShards = 4

  /// The number of shards: for a new log what it gets, for an existing one what it must have. Nil leaves both alone.
  public var shards: Int?
  /// The day whose month and neighbours get partitions.
  public var today: Date
  /// Where months lie that have left the database; needed once, by a log of a release that did not meter test events.
  public var archive: ArchiveReader?

  /// A migration.
  public init(shards: Int? = nil, today: Date, archive: ArchiveReader? = nil) {
    self.shards = shards
    self.today = today
    self.archive = archive
  }

  /// Runs on a connection that may create schemas and roles. Throws `PostgresError`, ``LogError/shardsFixed(existing:asked:)``,
  /// ``ArchiveError``.
  public func run(on connection: Connection, logger: Logger) async throws {
    let script = try SQLFolder.script(of: Bundle.module.url(forResource: "SQL", withExtension: nil))
    try await connection.transaction { connection in
      // Two migrations at once would trip over each other's CREATE statements.
      try await connection.query("SELECT pg_advisory_xact_lock(hashtext('recount migration'))")
      let testMeters = try await TestMeters(over: connection, archive: archive)
      try await connection.execute(script: script)
      try await testMeters?.add(on: connection)
      let existing = try await connection.query("SELECT shards FROM log.settings").first?.decode("shards", as: Int.self)
      if let existing, let shards, existing != shards { throw LogError.shardsFixed(existing: existing, asked: shards) }
      let count = existing ?? shards ?? Self.defaultShards
      try await connection.query(
        "INSERT INTO log.settings (shards) VALUES (\(Int32(count))) ON CONFLICT DO NOTHING")
      try await connection.query(
        "INSERT INTO log.heads (shard) SELECT generate_series(0, \(Int32(count)) - 1) ON CONFLICT DO NOTHING")
      try await connection.query("SELECT log.ensure_partitions((\(today)::timestamptz AT TIME ZONE 'UTC')::date)")
      logger.info("the log is in place", metadata: ["shards": "\(count)"])
    }
  }
}
