package import EventLog
package import Foundation
package import Logging
package import Postgres

/// Rebuilds every read model and meter from the log alone and compares it with the live one, row for row (promise 7).
///
/// 1. Each projection is replayed into a schema of its own, in cuts of random sizes, so that a result that depends on where the
///    live projector happened to cut shows.
/// 2. In one snapshot the replay is brought to exactly where the live model is, and the two are compared on all columns.
/// 3. The meters are replayed and compared in the same way.
///
/// Archived months are read from their files; none leaves the database while the check runs.
///
/// Nothing waits for it: appends and projectors go on. Memory does not grow with the log; the database compares.
package struct ReplayCheck: Sendable {
  let pool: Pool
  let folder: URL
  let archive: ArchiveReader?
  let logger: Logger

  /// Over a folder of projections. The pool acts as recount_projector, which may create schemas.
  package init(pool: Pool, projections folder: URL, archive: ArchiveReader? = nil, logger: Logger) {
    self.pool = pool
    self.folder = folder
    self.archive = archive
    self.logger = logger
  }

  /// Differences told per table.
  private static let examples = 5

  /// What is going on.
  package struct Progress: Sendable {
    /// The projection replayed.
    package var projection: String
    /// Events replayed of it, over all shards.
    package var events: Int64
    /// Events it has to replay, about: the log grows meanwhile.
    package var total: Int64
  }

  /// Replays and compares. Throws ``Busy`` when another check runs, `PostgresError` and ``ProjectionError``; differences are not
  /// errors, they are in the report.
  package func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws -> ReplayReport {
    let projections = try Projection.all(in: folder, archive: archive)
    let meters = try Projection.meters(archive: archive)
    // Puts the projector's own tables in place, where no projector of this version has run yet.
    _ = try await Installation(pool: pool, projections: [], logger: logger).run()
    return try await pool.withConnection { connection in
      guard
        try await connection.query("SELECT pg_try_advisory_lock(hashtext('recount replay')) AS mine").first?.decode(
          "mine") == true
      else { throw Busy() }
      do {
        // A snapshot must not lose a month in its midst: the archiver waits.
        try await connection.query(
          "SELECT pg_advisory_lock_shared(hashtext('recount archive'))", deadline: .seconds(120))
        let report = try await check(projections, meters, connection, progress)
        try await connection.query("SELECT pg_advisory_unlock_shared(hashtext('recount archive'))")
        try await connection.query("SELECT pg_advisory_unlock(hashtext('recount replay'))")
        return report
      } catch {
        // Its lock goes with it.
        await connection.close()
        await dropReplays(of: projections + [meters])
        throw error
      }
    }
  }

  private nonisolated(nonsending) func check(
    _ projections: [Projection], _ meters: Projection, _ connection: Connection,
    _ progress: @Sendable (Progress) -> Void
  ) async throws -> ReplayReport {
    var report = ReplayReport()
    for projection in projections {
      let foresight = try await LiveModel.foresight(of: projection, connection)
      let replay = Replay(projection: projection, foresight: foresight)
      guard let (replayed, tables) = try await check(replay, connection, progress, compare: compareTables) else {
        report.notBuilt.append(projection.name)
        continue
      }
      report.tables += tables
      report.events = max(report.events, replayed.events)
    }
    let replay = Replay(projection: meters, followsTheLog: true)
    report.tables += try await check(replay, connection, progress, compare: compareMeters)?.tables ?? []
    return report
  }

  private typealias Comparison =
    nonisolated(nonsending) @Sendable (Replay, Connection) async throws -> [ReplayReport.Table]

  /// Replays, then in one snapshot: the live positions, the replay up to them, the comparison. Nil when there is nothing live.
  private nonisolated(nonsending) func check(
    _ replay: Replay, _ connection: Connection, _ progress: @Sendable (Progress) -> Void, compare: Comparison
  ) async throws -> (replay: Replay, tables: [ReplayReport.Table])? {
    let live = try await replay.livePositions(connection)
    guard !live.isEmpty else { return nil }
    var replay = replay
    replay.positions = live.mapValues { _ in 0 }
    try await replay.begin(connection)
    try await replay.advance(to: live, connection, progress)
    let begun = replay
    let checked = try await connection.transaction(.repeatableRead) { connection in
      var replay = begun
      try await replay.advanceInTransaction(to: replay.livePositions(connection), connection)
      return (replay, try await compare(replay, connection))
    }
    try await replay.drop(connection)
    return checked
  }

  private nonisolated(nonsending) func compareTables(
    _ replay: Replay, _ connection: Connection
  ) async throws -> [ReplayReport.Table] {
    var tables: [ReplayReport.Table] = []
    for table in try await connection.query("SELECT name, key FROM projector.tables(\(replay.projection.replayName))") {
      let name: String = try table.decode("name")
      let (live, replayed) = (
        Query("SELECT * FROM \(identifier: replay.projection.name).\(identifier: name)").sql,
        Query("SELECT * FROM \(identifier: replay.projection.replayName).\(identifier: name)").sql
      )
      tables.append(
        try await compare(
          "\(replay.projection.name).\(name)", live: live, replayed: replayed, key: table.decode("key"), connection))
    }
    return tables
  }

  private nonisolated(nonsending) func compareMeters(
    _ replay: Replay, _ connection: Connection
  ) async throws -> [ReplayReport.Table] {
    let replayed = Query("SELECT * FROM \(identifier: replay.projection.replayName).meters").sql
    return [
      try await compare(
        "log.meters", live: "SELECT * FROM log.meters", replayed: replayed,
        key: ["shard", "account_id", "month", "mode"], connection)
    ]
  }

  private nonisolated(nonsending) func compare(
    _ name: String, live: String, replayed: String, key: [String], _ connection: Connection
  ) async throws -> ReplayReport.Table {
    let rows = try await connection.query(
      """
      SELECT rows, differing, differences
      FROM projector.compare(\(live), \(replayed), \(key), \(Int32(Self.examples)))
      """,
      deadline: .seconds(3_600))
    guard let row = rows.first else { throw PostgresError(.decoding, "projector.compare() gave no row") }
    return ReplayReport.Table(
      name: name, rows: try row.decode("rows"), differing: try row.decode("differing"),
      differences: try row.decode("differences"))
  }

  private func dropReplays(of projections: [Projection]) async {
    for projection in projections {
      do {
        try await pool.query(
          "DROP SCHEMA IF EXISTS \(identifier: projection.replayName) CASCADE", deadline: .seconds(120))
      } catch {
        logger.warning(
          "a replay's schema is left, the next check drops it",
          metadata: ["schema": "\(projection.replayName)", "error": "\(error)"])
      }
    }
  }

  /// Only one check runs at a time: they would use the same schemas.
  package struct Busy: Error, CustomStringConvertible {
    /// Says what to do.
    package var description: String { "another `recount replay --check` is running on this database: wait for it" }
  }
}
