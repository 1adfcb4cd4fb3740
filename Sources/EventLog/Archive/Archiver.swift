package import Domain
import Foundation
package import Postgres

/// Moves months of the log out of the database into files: the front door of archiving.
///
/// Month by month, the oldest first:
/// 1. see that it may go: over, and taken in by everybody who follows the log (`SQL/objects/archive/archive_laggards.sql`); the Merkle tree takes it
///    in now if it has not;
/// 2. write each shard's batches, the lines of `audit export`, as LZ4 frames into a draft; flush it, give it its name
///    (``FrameWriter``, ``DurableFile``);
/// 3. write the month's ``Manifest`` in the same way;
/// 4. read every file back from disk, decompress it and recompute every hash (``ArchiveFile``, ``ChainWalk``);
/// 5. in one transaction of the database's own (`SQL/objects/archive/drop_archived_month.sql`): hold the manifest against the partition, note it,
///    keep the domain events for deciders, drop the partition.
///
/// A month is in the database until step 5 commits, and noted as archived from then on: whenever it breaks off, nothing is lost,
/// and it can be run again, which begins the month anew. Memory does not grow with the log.
///
/// What is archived stays part of the log: ``ArchiveReader``.
package struct Archiver: Sendable {
  let pool: Pool
  let folder: ArchiveFolder
  /// Hears of every step as it is done. What it throws ends the run there.
  package var reached: @Sendable (ArchiveStage) throws -> Void = { _ in }

  /// An archiver. The pool acts as recount_archiver.
  package init(pool: Pool, folder: ArchiveFolder) {
    self.pool = pool
    self.folder = folder
  }

  /// The oldest month that stays, such as `2025-10`, when so many whole months before the current one are kept.
  package static func oldestMonth(keeping months: Int, now: Instant) -> String {
    var month = CalendarMonth(of: now)
    for _ in 0..<months { month = CalendarMonth(of: month.start - .milliseconds(1)) }
    return month.description
  }

  /// Archives the months before one such as `2025-10`. Throws ``ArchiveError``, what ``reached`` throws, and `PostgresError`; the months
  /// archived before that stay so.
  package func run(before month: String) async throws {
    try await alone { connection in
      for month in try await HeldMonth.all(before: month, connection) { try await archive(month, connection) }
    }
  }

  /// What ``run(before:)`` would do.
  package func plan(before month: String) async throws -> [Planned] {
    try await pool.withConnection { connection in
      var plan: [Planned] = []
      for month in try await HeldMonth.all(before: month, connection) {
        let events = try await month.parts(connection).reduce(0) { $0 + $1.events }
        plan.append(
          Planned(
            month: month.name, events: events, databaseBytes: month.databaseBytes,
            obstacle: try await month.laggard(connection)))
      }
      return plan
    }
  }

  /// A month that would be archived.
  package struct Planned: Sendable, Equatable {
    /// Such as `2025-01`.
    package let month: String
    /// Over all shards.
    package let events: Int64
    /// What it takes in the database, indexes included.
    package let databaseBytes: Int64
    /// Who has not taken it in yet.
    package let obstacle: String?
  }

  /// One archiver at a time: two would write the same files.
  private func alone(_ body: nonisolated(nonsending) @Sendable (Connection) async throws -> Void) async throws {
    try await pool.withConnection { connection in
      let lock = try await connection.query("SELECT pg_try_advisory_lock(hashtext('recount archiver')) AS mine")
      guard try lock.first?.decode("mine") == true else { throw ArchiveError.busy }
      do { try await body(connection) } catch {
        // Its lock goes with it.
        await connection.close()
        throw error
      }
      try await connection.query("SELECT pg_advisory_unlock(hashtext('recount archiver'))")
    }
  }

  private nonisolated(nonsending) func archive(_ month: HeldMonth, _ connection: Connection) async throws {
    if let laggard = try await month.laggard(connection) {
      throw ArchiveError.refused(reason: "month \(month.name) stays in the database: \(laggard)")
    }
    try await growTree(connection)
    let parts = try await month.parts(connection)
    try reached(.began(month: month.name, events: parts.reduce(0) { $0 + $1.events }))
    var manifest = Manifest(
      month: month.name, logCreatedAtUs: try await logCreatedAt(connection).microseconds, files: [])
    try checkOwnership(of: manifest, parts)
    if !parts.isEmpty { try DurableFile.create(folder: folder.month(month.name)) }
    for part in parts { manifest.files.append(try await write(part, of: month, connection)) }
    if !parts.isEmpty { try publish(manifest) }
    for file in manifest.files { try readBack(file, of: month) }
    try reached(.verified(month: month.name))
    try await drop(month, manifest, connection)
    try reached(.dropped(month: month.name))
  }

  /// The Merkle tree takes its leaves from the batches, and else grows only when a checkpoint is made.
  private nonisolated(nonsending) func growTree(_ connection: Connection) async throws {
    for shard in try await connection.query("SELECT shard FROM log.heads ORDER BY shard") {
      let shard: Int32 = try shard.decode("shard")
      while try await connection.query(
        "SELECT added FROM log.grow_tree(\(shard), \(Self.leaves))", deadline: .seconds(120)
      ).first?.decode("added", as: Int64.self) ?? 0 > 0 {}
    }
  }

  /// Taken in at a time: a fraction of a second's work.
  private static let leaves: Int32 = 20_000

  private nonisolated(nonsending) func logCreatedAt(_ connection: Connection) async throws -> Instant {
    let row = try await connection.query(
      "SELECT created_at FROM log.settings"
    ).first
    guard let row else { throw LogError.notMigrated }
    return try row.decode("created_at")
  }

  /// What another log has archived must not be written over, nor what a copy of this log has that went its own way.
  private func checkOwnership(of manifest: Manifest, _ parts: [HeldMonth.Part]) throws {
    let path = folder.manifest(manifest.month)
    guard FileManager.default.fileExists(atPath: path.path) else { return }
    let found = try? Manifest(reading: path, month: manifest.month)
    let isOurs =
      found?.logCreatedAtUs == manifest.logCreatedAtUs && found?.files.count == parts.count
      && zip(found?.files ?? [], parts).allSatisfy { file, part in
        (file.shard, file.firstPosition, file.lastPosition, file.hashBefore)
          == (part.shard, part.firstPosition, part.lastPosition, part.hashBefore)
      }
    guard isOurs else { throw ArchiveError.foreign(month: manifest.month, path: path.path) }
  }

  private func publish(_ manifest: Manifest) throws {
    let file = try DurableFile(folder.manifest(manifest.month))
    try file.write(try manifest.encoded())
    try file.flush()
    try reached(.written(file: "\(manifest.month)/manifest.json"))
    try file.publish()
    try reached(.published(file: "\(manifest.month)/manifest.json"))
  }

  private func readBack(_ file: Manifest.File, of month: HeldMonth) throws {
    let archived = ArchiveFile(folder: folder, month: month.name, file: file.file)
    if let fault = try archived.fault(against: file, times: month.times) {
      throw ArchiveError.unfaithful(month: month.name, path: folder.file(file.file).path, reason: fault)
    }
    try reached(.readBack(file: file.file))
  }

  private nonisolated(nonsending) func drop(
    _ month: HeldMonth, _ manifest: Manifest, _ connection: Connection
  ) async throws {
    do {
      try await connection.query(
        "SELECT log.drop_archived_month(to_date(\(month.name), 'YYYY-MM'), \(JSONB(try manifest.encodedFiles())))",
        deadline: .seconds(3_600))
    } catch let error as PostgresError where error.sqlState == "RC420" || error.sqlState == "RC421" {
      throw ArchiveError.refused(reason: error.message)
    }
  }
}

/// How far an archiver is.
package enum ArchiveStage: Sendable, Equatable {
  /// The month may go; so many events are to be written.
  case began(month: String, events: Int64)
  /// So many events of a shard are in the draft, beyond those heard of before.
  case wrote(events: Int64)
  /// A draft is whole and on disk.
  case written(file: String)
  /// It has its name.
  case published(file: String)
  /// It was read back and holds what it should.
  case readBack(file: String)
  /// All of the month's files do.
  case verified(month: String)
  /// The month has left the database.
  case dropped(month: String)
}
