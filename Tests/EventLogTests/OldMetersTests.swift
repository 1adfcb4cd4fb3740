import Domain
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// A log of the last release, which metered live events alone, brought up to date.
@Suite struct OldMetersTests {
  private func migrate(_ test: TestLog, archive: ArchiveReader? = nil) async throws {
    let connection = try await Connection.connect(test.database.settings, logger: Logger(label: "owner"))
    do {
      try await Migration(today: .now, archive: archive).run(
        on: connection, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  private func forgetTheRelease(_ test: TestLog) async throws {
    let connection = try await Connection.connect(test.database.settings, logger: Logger(label: "owner"))
    try await connection.execute(script: LastRelease.shapes)
    await connection.close()
  }

  /// Test events as they could be tracked: without a quota.
  private func track(_ test: TestLog, _ source: TelemetrySource, _ count: Int, at time: Instant) async throws {
    try await test.owner.query(
      "UPDATE log.quotas SET terms = terms || '{\"test_quota\": 1000000}' WHERE account_id = \(source.accountID)")
    try await test.owner.query(
      "UPDATE log.meters SET quota = 1000000 WHERE mode = 'test' AND account_id = \(source.accountID)")
    let unit = TelemetryUnit.sample(source, count: count, identity: .batch(UUID(), digest: 1), at: time)
    #expect(try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))[0].accepted == count)
  }

  /// What a meter says: used, quota, refused.
  private func meter(_ test: TestLog, _ source: TelemetrySource, month: String) async throws -> [Int] {
    let rows = try await test.owner.query(
      """
      SELECT used, quota, refused FROM log.meters
      WHERE account_id = \(source.accountID) AND mode = \(source.mode.rawValue) AND month = \(month)
      """)
    guard let row = rows.first else { return [] }
    return [try row.decode("used"), try row.decode("quota"), try row.decode("refused")]
  }

  @Test func oldTestEventsCountAsUsedAndWhatWasMeteredStays() async throws {
    try await TestLog.with { test in
      let now = Instant.now
      let month = CalendarMonth(of: now)
      let (free, pro) = (try await test.account(tier: .free), try await test.account(tier: .pro))
      let stream = test.projectStream(free)
      try await test.log.handle(
        .create(id: free.projectID, accountID: free.accountID, name: "p"), by: Project.self, on: stream)
      for source in [free, pro] {
        try await track(test, source.with(.test), 3_000, at: now)
        try await track(test, source.with(.test), 70, at: month.start - .milliseconds(1))
        _ = try await test.log.append(
          [AppendUnit(.sample(source, count: 1_007, at: now))], shard: test.shard(of: source))
      }
      for source in [free, free.with(.test)] {
        let void = try await VoidedV1(
          test, source, stream: stream, from: now, events: source.mode == .live ? 1_000 : 3_000)
        try await test.record(void, on: stream, after: source.mode == .live ? 1 : 2)
      }
      try await track(test, free.with(.test), 1_200, at: now)
      let tally = """
        {"type": "intake_tallied", "version": 1, "account_id": "\(free.accountID)", "project_id": "\(free.projectID)",
        "key_id": "\(free.keyID)", "mode": "live", "month": "\(month)", "data": [{"duplicates": 1, "refused": 2, "invalid": 0}]}
        """
      try await test.owner.query(
        """
        SELECT log.append(\(Int32(test.shard(of: free))),
          jsonb_build_array(jsonb_build_object('given', 1, 'tally', true, 'account_id', \(free.accountID))), \([tally]))
        """)
      try await forgetTheRelease(test)
      for _ in 0..<2 { try await migrate(test) }

      #expect(try await meter(test, free, month: "\(month)") == [0, 1_000, 9])
      #expect(try await meter(test, pro, month: "\(month)") == [1_007, 50_000, 0])
      #expect(try await meter(test, free.with(.test), month: "\(month)") == [1_200, 1_000, 0])
      #expect(try await meter(test, pro.with(.test), month: "\(month)") == [3_000, 10_000, 0])
      let last = CalendarMonth(of: month.start - .milliseconds(1))
      #expect(try await meter(test, pro.with(.test), month: "\(last)") == [70, 10_000, 0])
      try await test.expectMetersMatchTheLog()

      // And on it goes: one that is over its test quota gets nothing more, the other what is left.
      for (source, accepted) in [(free, 0), (pro, 7_000)] {
        let unit = TelemetryUnit.sample(source.with(.test), count: 7_500, at: now)
        let outcome = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))[0]
        #expect(outcome.accepted == accepted)
        #expect(outcome.refused == 7_500 - accepted)
      }
      #expect(
        try await test.log.append([AppendUnit(.sample(free, count: 5, at: now))], shard: stream.shard)[0].accepted == 5)
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  @Test func aLogWithoutItsLastBatchesIsNotCountedInPart() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free).with(.test)
      try await track(test, source, 3, at: Instant.now)
      try await test.owner.query(
        "DELETE FROM log.batches WHERE last_position = (SELECT max(last_position) FROM log.batches)")
      try await forgetTheRelease(test)
      await #expect(throws: OldMeters.Gap.self) { try await migrate(test) }
      #expect(
        try await test.number(
          "SELECT count(*) AS n FROM pg_attribute WHERE attrelid = 'log.meters'::regclass AND attname = 'mode'") == 0)
    }
  }

  /// The archiver holds the months while it asks for a head.
  @Test func theMigrationWaitsForAnArchiverWithoutAHead() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free).with(.test)
      try await forgetTheRelease(test)
      let archiver = try await Connection.connect(test.database.settings, logger: Logger(label: "archiver"))
      let migration = try await archiver.transaction { connection in
        try await connection.query("SELECT pg_advisory_xact_lock(hashtext('recount archive')) IS NULL")
        let migration = Task { try await migrate(test) }
        while try await test.number(
          """
          SELECT count(*) AS n FROM pg_locks
          WHERE locktype = 'advisory' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          """) == 0
        { try await Task.sleep(for: .milliseconds(10)) }
        try await connection.query(
          "SELECT FROM log.heads WHERE shard = \(Int32(test.shard(of: source))) FOR UPDATE NOWAIT")
        return migration
      }
      await archiver.close()
      try await migration.value
    }
  }

  @Test func anAccountWhoseTierCannotBeToldGetsWhatFreeGets() async throws {
    try await TestLog.with(forged: true) { test in
      let source = try await test.account(tier: .business).with(.test)
      // A quota that no tier came with.
      let unit = """
        {"type": "account_opened", "version": 1, "account_id": "\(source.accountID)", "stream": "grant",
        "stream_version": 1, "data": [{"monthly_quota": 5}]}
        """
      try await test.owner.query(
        """
        SELECT log.append(\(Int32(test.shard(of: source))),
          jsonb_build_array(jsonb_build_object(
            'given', 1, 'stream', 'grant', 'stream_version', 1, 'account_id', \(source.accountID))), \([unit]))
        """)
      let quota: Query =
        "SELECT (terms ->> 'test_quota')::bigint AS n FROM log.quotas WHERE account_id = \(source.accountID)"
      #expect(try await test.number(quota) == Tier.free.testQuota)
      try await forgetTheRelease(test)
      try await migrate(test)
      #expect(try await test.number(quota) == Tier.free.testQuota)
    }
  }

  @Test func archivedMonthsAreCountedTooAndAreAskedForWhereTheyAreNot() async throws {
    try await TestLog.with { test in
      let served = try Instant.parse("2025-01-03T09:59:00Z")
      var sources: [TelemetrySource] = []
      try await test.recorded(at: try Instant.parse("2025-01-03T10:00:00Z")) {
        let source = try await test.account(tier: .free).with(.test)
        try await track(test, source, 1_500, at: served)
        sources.append(source)
      }
      let source = sources[0]
      try await track(test, source, 3, at: Instant.now)
      // The month before the first was made along with it, and holds nothing.
      try await test.owner.query("DROP TABLE log.batches_2024_12")
      let folder = ArchiveFolder(FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)"))
      defer { try? FileManager.default.removeItem(at: folder.url) }
      try await Archiver(pool: test.owner, folder: folder).run(before: "2025-02")
      try await forgetTheRelease(test)
      await #expect(throws: ArchiveError.noFolder(month: "2025-01")) { try await migrate(test) }
      try await migrate(test, archive: ArchiveReader(folder))
      #expect(try await meter(test, source, month: "2025-01") == [1_500, 1_000, 0])
      let now = CalendarMonth(of: Instant.now)
      #expect(try await meter(test, source, month: "\(now)") == [3, 1_000, 0])
    }
  }
}
