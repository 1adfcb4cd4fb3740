import Domain
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// Logs of earlier releases, brought up to date and gone on with.
@Suite struct ReleaseTests {
  /// What each release's events.sql opened, tracked to and called.
  private let live = TelemetrySource(
    accountID: Self.id(1), projectID: Self.id(2), keyID: Self.id(3), mode: .live)
  private let test = TelemetrySource(
    accountID: Self.id(1), projectID: Self.id(2), keyID: Self.id(4), mode: .test)

  private static func id(_ number: UInt8) -> UUID {
    UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, number))
  }

  private func migrate(_ test: TestLog) async throws {
    let connection = try await Connection.connect(test.database.settings, logger: Logger(label: "owner"))
    do {
      try await Migration(today: .now).run(
        on: connection, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  @Test func thereIsALogOfEachReleaseToTry() { #expect(!Release.all.isEmpty) }

  @Test(arguments: Release.all) func aLogOfEachReleaseGoesOnAsItWas(release: Release) async throws {
    try await TestLog.with(template: release.template) { log in
      let shard = log.shard(of: live)
      let events = try await log.number("SELECT sum(last_position)::bigint AS n FROM log.heads")
      for _ in 0..<2 { try await migrate(log) }
      #expect(try await log.number("SELECT count(*) AS n FROM log.events") == events)
      #expect(try await log.number("SELECT count(*) AS n FROM log.steps") == Migration.schema().steps.count)
      try await log.expectMetersMatchTheLog()

      // What it recorded is a duplicate when it comes again, and its quota is what it was.
      let again = TelemetryUnit.sample(live, count: 900, identity: .batch(Self.id(5), digest: 5))
      #expect(try await log.log.append([AppendUnit(again)], shard: shard)[0].duplicates == 900)
      for (source, accepted) in [(live, 120), (test, 100)] {
        #expect(
          try await log.log.append([AppendUnit(.sample(source, count: 200))], shard: shard)[0].accepted == accepted)
      }
      let stream = StreamID(
        name: "project-\(live.projectID)", shard: shard, accountID: live.accountID, projectID: live.projectID)
      try await log.log.handle(.rename("after"), by: Project.self, on: stream)
      let project = try await log.log.load(Project.self, from: stream).state
      #expect(project.name == "after")
      #expect(project.voids[Self.id(6)]?.events == 120)

      try await log.expectMetersMatchTheLog()
      try await log.expectTheLogHolds()
      #expect(try await log.number("SELECT count(*) AS n FROM log.events") > events + 220)
    }
  }

  /// What is tracked now is version 2 of the event: what was before reads as it was written.
  @Test(arguments: Release.all) func requestsOfAnEarlierReleaseReadAsTheyWereWritten(release: Release) async throws {
    try await TestLog.with(template: release.template) { log in
      let stored = Query(
        """
        SELECT coalesce(jsonb_agg(u -> 'data' ORDER BY b.shard, u -> 'position'), '[]')::text AS data
        FROM log.batches AS b, jsonb_array_elements(b.events) AS u
        WHERE u ->> 'type' = 'request_tracked' AND u ->> 'version' = '1'
        """, [])
      let before = try #require(try await log.owner.query(stored).first).decode("data", as: String.self)
      #expect(before != "[]")
      try await migrate(log)
      _ = try await log.log.append([AppendUnit(.sample(test, count: 1))], shard: log.shard(of: test))
      #expect(try await log.owner.query(stored).first?.decode("data", as: String.self) == before)
      let read = try await log.owner.query(
        """
        SELECT jsonb_agg(u.data ORDER BY u.shard, u.position)::text AS data
        FROM log.heads AS h CROSS JOIN LATERAL log.read_units(h.shard, 0, h.last_position) AS u
        WHERE u.type = 'request_tracked' AND u.version = 1
        """)
      #expect(try read.first?.decode("data", as: String.self) == before)
      #expect(
        try await log.number(
          """
          SELECT count(*) AS n FROM log.heads AS h CROSS JOIN LATERAL log.read_units(h.shard, 0, h.last_position) AS u
          WHERE u.type = 'request_tracked' AND u.version = 2
          """) == 1)
    }
  }

  /// A call of that release's function that waited at the head meanwhile goes on in the body that it began in.
  @Test(arguments: Release.all) func anAppendThatTheMigrationOvertookIsTurnedDownRatherThanLoseAQuota(release: Release)
    async throws
  {
    try await TestLog.with(template: release.template) { log in
      let body = try #require(
        try await log.owner.query("SELECT pg_get_functiondef('log.append'::regproc) AS body").first
      ).decode("body", as: String.self)
      let owner = try await Connection.connect(log.database.settings, logger: Logger(label: "owner"))
      try await owner.execute(script: body.replacing("FUNCTION log.append(", with: "FUNCTION public.append("))
      try await migrate(log)
      let (account, stream) = (UUID(), "account-overtaken")
      let control = #"[{"account_id": "\#(account)", "given": 1, "stream": "\#(stream)", "stream_version": 1}]"#
      let unit =
        #"{"account_id": "\#(account)", "type": "account_opened", "version": 1, "stream": "\#(stream)", "stream_version": 1, "#
        + #""data": [{"account_id": "\#(account)", "tier": "free", "monthly_quota": 1000}]}"#
      await #expect {
        try await owner.query("SELECT * FROM public.append(0, \(control)::text::jsonb, \([unit]))")
      } throws: { error in
        (error as? PostgresError)?.sqlState == "RC409"
      }
      await owner.close()
      #expect(try await log.number("SELECT count(*) AS n FROM log.stream_versions WHERE stream = \(stream)") == 0)
      #expect(
        try await log.number(
          "SELECT log.quota_of('live', '2026-11', terms) AS n FROM log.quotas WHERE account_id = \(Self.id(7))")
          == 100_000, "what was sold then")
    }
  }

  /// Servers go on while an operator migrates: functions are replaced in place, so that no call finds one gone.
  @Test(arguments: Release.all) func appendsUnderWayDoNotNoticeTheMigration(release: Release) async throws {
    try await TestLog.with(template: release.template) { log in
      let shard = log.shard(of: test)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<2 {
          group.addTask {
            var accepted = 0
            for _ in 0..<60 {
              accepted += try await log.log.append([AppendUnit(.sample(test))], shard: shard)[0].accepted
            }
            return accepted
          }
        }
        group.addTask {
          for _ in 0..<2 { try await migrate(log) }
          return 0
        }
        var accepted = 0
        for try await some in group { accepted += some }
        #expect(accepted == 100)
      }
      try await log.expectMetersMatchTheLog()
      try await log.expectTheLogHolds()
    }
  }
}
