import Domain
import EventLog
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// Read models and meters are recounted through archived months as if those were still in the database.
@Suite(.timeLimit(.whatHangs)) struct ArchiveReplayTests {
  /// A random log in two past months and this one, projected, its past archived, in a folder that is removed afterwards.
  private static func withArchivedLog(
    seed: Int,
    _ body: @Sendable (TestLog, Pool, ArchiveReader, _ archive: @Sendable () async throws -> Void) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await TestLog.with { test in
      try await fill(test, seed: seed)
      try await test.projecting { pool in
        var settings = test.database.settings
        settings.role = "recount_archiver"
        let archiving = Pool(settings, size: 2, logger: silent)
        try await body(test, pool, ArchiveReader(ArchiveFolder(folder))) {
          try await Archiver(pool: archiving, folder: ArchiveFolder(folder)).run(before: "2025-03")
        }
        await archiving.close()
      }
    }
  }

  private static func fill(_ test: TestLog, seed: Int) async throws {
    let kept = Kept<RandomLog>()
    for (month, batches) in [("2025-01-01T00:00:00Z", 40), ("2025-02-10T12:00:00Z", 25)] {
      try await test.recorded(at: try Instant.parse(month)) {
        var log = if let log = kept.value { log } else { try await RandomLog(test, seed: seed) }
        try await log.append(batches)
        kept.value = log
      }
    }
    try await kept.value?.append(20)
    try await test.owner.query("DROP TABLE log.batches_2024_12")
  }

  /// All rows of all read models and meters, as text.
  private static func rows(_ test: TestLog) async throws -> [String: [String]] {
    let tables = try await test.owner.query(
      """
      SELECT format('%I.%I', c.relnamespace::regnamespace, c.relname) AS name FROM pg_class AS c
      WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN (SELECT projection FROM projector.progress)
      UNION ALL SELECT 'log.meters'
      """)
    var rows: [String: [String]] = [:]
    for table in tables {
      let name: String = try table.decode("name")
      rows[name] = try await test.owner.query("SELECT t::text AS row FROM \(unescaped: name) AS t ORDER BY 1").map {
        try $0.decode("row")
      }
    }
    return rows
  }

  @Test(arguments: [1, 2]) func whatIsRebuiltFromTheArchiveIsTheSameRowForRow(seed: Int) async throws {
    try await Self.withArchivedLog(seed: seed) { test, pool, reader, archive in
      let catchUp = CatchUp(pool: pool, projections: projectionsFolder, archive: reader, logger: silent)
      try await catchUp.run()
      let before = try await Self.rows(test)
      #expect(before.values.filter { !$0.isEmpty }.count >= 8)
      try await archive()
      #expect(try await test.number("SELECT count(*) AS n FROM log.archives") >= 2)

      let report = try await ReplayCheck(pool: pool, projections: projectionsFolder, archive: reader, logger: silent)
        .run()
      #expect(report.isClean && report.notBuilt.isEmpty, "\(report.tables.flatMap(\.differences))")
      #expect(report.tables.contains { $0.name == "log.meters" && $0.rows > 0 })
      for projection in try Projection.all(in: projectionsFolder, archive: reader) {
        try await Rebuild(pool: pool, projection: projection, logger: silent).run()
      }
      #expect(try await Self.rows(test) == before)

      // From nothing, as after a loss of all read models.
      for projection in try Projection.all(in: projectionsFolder) {
        try await pool.query("DROP SCHEMA \(identifier: projection.name) CASCADE")
      }
      try await catchUp.run()
      #expect(try await Self.rows(test) == before)
    }
  }

  @Test func aMeterThatDoesNotFollowFromArchivedMonthsIsFound() async throws {
    try await Self.withArchivedLog(seed: 3) { test, pool, reader, archive in
      try await CatchUp(pool: pool, projections: projectionsFolder, archive: reader, logger: silent).run()
      try await archive()
      try await test.owner.query(
        "UPDATE log.meters SET used = used + 1 WHERE (shard, account_id, month) IN (SELECT shard, account_id, month FROM log.meters LIMIT 1)"
      )
      let report = try await ReplayCheck(pool: pool, projections: projectionsFolder, archive: reader, logger: silent)
        .run()
      #expect(report.tables.filter { $0.differing > 0 }.map(\.name) == ["log.meters"])
      #expect(try await test.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE '%_replay'") == 0)
    }
  }

  @Test func aMonthThatAReadModelHasNotTakenInStays() async throws {
    try await Self.withArchivedLog(seed: 4) { test, pool, reader, archive in
      let catchUp = CatchUp(pool: pool, projections: projectionsFolder, archive: reader, logger: silent)
      try await catchUp.run()
      try await test.owner.query(
        "UPDATE projector.progress SET position = 1 WHERE projection = 'traffic' AND shard = 0")
      let error = await #expect(throws: ArchiveError.self) { try await archive() }
      #expect(
        error?.description.contains("read model traffic is at position 1 of shard 0") == true,
        "\(error?.description ?? "")")
      let held = try await test.number("SELECT count(*) AS n FROM log.months_held() WHERE month = '2025-01-01'")
      #expect(held == 1)
    }
  }

  @Test func aReadModelThatNeedsAMissingFileStopsAndNamesItWhileTheOthersGoOn() async throws {
    try await Self.withArchivedLog(seed: 5) { test, pool, reader, archive in
      try await CatchUp(pool: pool, projections: projectionsFolder, archive: reader, logger: silent).run()
      try await archive()
      try FileManager.default.removeItem(at: reader.folder.url)
      let error = await #expect(throws: ArchiveError.self) {
        try await ReplayCheck(pool: pool, projections: projectionsFolder, archive: reader, logger: silent).run()
      }
      #expect(error?.description.contains("2025-01/shard-") == true)
      // One read model is new, the others are up to date.
      try await pool.query("DROP SCHEMA traffic CASCADE")
      try await test.running(archive: reader) { pool in
        try await test.until(pool) { all in
          all.filter { $0.projection == "traffic" }.allSatisfy {
            $0.isStopped && $0.error?.contains("2025-01/shard-") == true
          }
        }
        let source = try await test.account()
        _ = try await test.log.append([AppendUnit(.sample(source))], shard: test.shard(of: source))
        try await test.until(pool) { all in all.filter { $0.projection != "traffic" }.allSatisfy { $0.behind == 0 } }
      }
    }
  }

  @Test func aNewReadModelIsBuiltThroughTheArchiveByTheRunner() async throws {
    try await Self.withArchivedLog(seed: 6) { test, pool, reader, archive in
      try await CatchUp(pool: pool, projections: projectionsFolder, archive: reader, logger: silent).run()
      let before = try await Self.rows(test)
      try await archive()
      try await pool.query("DROP SCHEMA usage CASCADE")
      try await pool.query("DELETE FROM projector.progress WHERE projection = 'usage'")
      try await test.running(archive: reader) { pool in try await test.untilProjected(pool) }
      #expect(try await Self.rows(test) == before)
    }
  }
}

/// What one closure leaves for the next.
private final class Kept<Value> { var value: Value? }
