import Domain
import EventLog
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// Projectors of earlier releases, followed by this one's.
@Suite(.timeLimit(.whatHangs)) struct ReleaseTests {
  /// The log is this release's, the projector's tables are still that one's.
  private func withMigratedLog(of release: Release, _ body: @Sendable (TestLog) async throws -> Void) async throws {
    try await TestLog.with(template: release.template) { test in
      let owner = try await Connection.connect(test.database.settings, logger: silent)
      try await Migration(today: .now).run(on: owner, logger: silent)
      await owner.close()
      try await body(test)
    }
  }

  @Test(arguments: Release.all) func theReadModelsOfEachReleasesLogAreBuiltAndAreWhatAReplayGives(release: Release)
    async throws
  {
    try await withMigratedLog(of: release) { test in
      try await test.projecting { pool in
        for _ in 0..<2 { try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run() }
        #expect(try await Status.all(pool).allSatisfy { $0.behind == 0 })
        let steps = try await test.number("SELECT count(*) AS n FROM projector.steps")
        #expect(try steps == Installation.schema().steps.count)
        try await test.expectReplayIsClean(pool)
        // As that release showed it: nothing of what reading an old event as a new one adds.
        let shown = try await test.owner.query(
          """
          SELECT details::text AS details FROM security.entries
          WHERE kind IN ('tier_changed', 'account_granted') ORDER BY position
          """)
        #expect(
          try shown.map { try $0.decode("details", as: String.self) } == [
            #"{"tier": "pro", "monthly_quota": 100000}"#, #"{"reason": "a launch", "requests_per_second": 100}"#,
          ])
      }
    }
  }

  /// Requests of version 1 beside those of version 2, one with all that it may say, and one without a time.
  @Test(arguments: Release.all) func requestsOfBothVersionsStandInOneReadModel(release: Release) async throws {
    try await withMigratedLog(of: release) { test in
      try await test.projecting { pool in
        let source = TelemetrySource(
          accountID: Self.id(1), projectID: Self.id(2), keyID: Self.id(3), mode: .live)
        var unit = TelemetryUnit(source: source, month: CalendarMonth(of: .now).description)
        let said = TrackedRequest(
          endpoint: "/mixed", method: .get, statusCode: 504, responseTimeNanoseconds: 1, timestamp: .now,
          consumer: "acme", requestBytes: 0, responseBytes: 1_893, release: "2026-11-24.3", error: "TimeoutError")
        let silent = TrackedRequest(
          endpoint: "/mixed", method: .get, statusCode: 200, responseTimeNanoseconds: nil, timestamp: .now)
        said.encode(into: &unit.data)
        unit.data.append(UInt8(ascii: ","))
        silent.encode(into: &unit.data)
        unit.count = 2
        _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
        try await catchUp(pool)
        try await test.expectReplayIsClean(pool)
        let row = try await test.owner.query("SELECT total FROM traffic.endpoints WHERE label = 'GET /mixed'").first
        let mixed = try TrafficCell(bytes: try #require(row).decode("total"))
        #expect(mixed.calls == 2 && mixed.timed == 1 && mixed.longest == 1)
        for (table, label) in [("consumers", "acme"), ("releases", "2026-11-24.3")] {
          let labels = try await test.owner.query("SELECT label FROM traffic.\(identifier: table)")
          #expect(try labels.map { try $0.decode("label", as: String.self) } == [label], "\(table)")
        }
        let kinds = try await test.owner.query(
          """
          SELECT DISTINCT version::text || (data ? 'consumer')::text || (data ? 'response_time_ms')::text AS kind
          FROM log.events WHERE type = 'request_tracked' ORDER BY kind
          """)
        #expect(try kinds.map { try $0.decode("kind", as: String.self) } == ["1falsetrue", "2falsefalse", "2truetrue"])
      }
    }
  }

  private static func id(_ number: UInt8) -> UUID {
    UUID(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, number))
  }

  private func catchUp(_ pool: Pool) async throws {
    try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
  }

  /// They may run until the last of them is replaced, and be started again meanwhile.
  @Test(arguments: Release.all) func projectorsOfEachReleaseGoOnOverThisOnesTables(release: Release) async throws {
    try await withMigratedLog(of: release) { test in
      try await test.projecting { pool in
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        try await pool.withConnection { try await $0.execute(script: release.script("projector")) }
        let shards = try await test.number("SELECT count(*) AS n FROM log.heads")

        // A step: who has the lease by one name has it by the other.
        try await pool.transaction { connection in
          let leased = try await connection.query(
            """
            SELECT position, foresight, status, error, definition FROM projector.checkpoints
            WHERE projection = 'traffic' FOR UPDATE SKIP LOCKED
            """)
          #expect(leased.count == shards)
          let free = try await pool.query(
            "SELECT FROM projector.progress WHERE projection = 'traffic' FOR UPDATE SKIP LOCKED")
          #expect(free.isEmpty)
          try await connection.query(
            """
            UPDATE projector.checkpoints SET position = 7, applied_at = clock_timestamp() WHERE projection = 'traffic'
            """)
        }
        let moved = try await test.number(
          "SELECT count(*) AS n FROM projector.progress WHERE projection = 'traffic' AND position = 7")
        #expect(moved == shards)

        // A rebuild, to another definition than ours.
        for statement: Query in [
          """
          INSERT INTO projector.checkpoints (projection, shard, definition, foresight)
          SELECT 'traffic_next', h.shard, 'theirs', h.last_position FROM log.heads AS h
          """,
          "DELETE FROM projector.checkpoints WHERE projection = 'traffic'",
          "UPDATE projector.checkpoints SET projection = 'traffic' WHERE projection = 'traffic_next'",
        ] {
          try await pool.query(statement)
        }
        let theirs = try await test.number("SELECT count(*) AS n FROM projector.progress WHERE definition = 'theirs'")
        #expect(theirs == shards)

        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  /// While a projector of that release, or one who asks, is in the midst of something, nobody waits behind the change of its tables.
  @Test(arguments: Release.all) func whoReadsThatReleasesTablesForLongHoldsNobodyUp(release: Release) async throws {
    try await withMigratedLog(of: release) { test in
      try await test.projecting { pool in
        let installation = Installation(pool: pool, projections: [], logger: silent)
        try await pool.transaction { reader in
          try await reader.query("SELECT FROM projector.status")
          await #expect {
            try await installation.run()
          } throws: { error in
            Failure(error) == .conflict
          }
          try await pool.query("SELECT FROM projector.checkpoints FOR UPDATE")
        }
        _ = try await installation.run()
        #expect(try await test.number("SELECT count(*) AS n FROM projector.progress") == 0)
      }
    }
  }
}
