import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// What becomes of detail that is no longer kept, in every read model.
@Suite(.timeLimit(.minutes(15))) struct RetentionTests {
  private static let day: Int64 = 86_400_000
  /// A minute past midnight, so many days ago.
  private static func time(_ days: Int64) -> Int64 {
    (Int64(Date().timeIntervalSince1970 * 1000) / day - days) * day + 60_000
  }

  private func catchUp(_ pool: Pool) async throws {
    try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
  }

  private func retain(_ source: TelemetrySource, days: Int64, in test: TestLog) async throws {
    let stream = EventLog.Stream(
      name: "retention-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    let applied = RetentionApplied(
      accountID: source.accountID, projectID: source.projectID, before: Self.time(days) - 60_000, tier: .free,
      days: Int(days))
    try await test.log.handle(.apply(applied), by: Retention.self, on: stream)
  }

  private func track(_ source: TelemetrySource, _ days: Int64..., in test: TestLog) async throws {
    for days in days {
      _ = try await test.log.append(
        [.requests(source, at: [Self.time(days), Self.time(days) + 7_200_000])], shard: test.shard(of: source))
    }
  }

  /// Days ago that a table has rows of, the longest ago first.
  private func days(_ table: String, _ column: String, where condition: String = "true", in test: TestLog) async throws
    -> [Int]
  {
    try await test.owner.query(
      """
      SELECT DISTINCT (now() AT TIME ZONE 'UTC')::date - (\(unescaped: column) AT TIME ZONE 'UTC')::date AS days
      FROM \(unescaped: table) WHERE \(unescaped: condition) ORDER BY days DESC
      """
    ).map { try $0.decode("days") }
  }

  private func expectDetail(_ kept: [Int], days all: [Int], in test: TestLog) async throws {
    #expect(try await days("traffic.timeline", "at", where: "grain = 'minute'", in: test) == kept)
    #expect(try await days("traffic.timeline", "at", where: "grain = 'hour'", in: test) == kept)
    #expect(try await days("traffic.endpoints", "at", in: test) == kept)
    #expect(try await days("traffic.paths", "day::timestamp AT TIME ZONE 'UTC'", in: test) == kept)
    #expect(try await days("requests.latest", "at", in: test) == kept)
    #expect(try await days("requests.kept", "to_timestamp(day * 86400)", in: test) == kept)
    #expect(try await days("traffic.timeline", "at", where: "grain = 'day'", in: test) == all)
  }

  /// Whether it comes in a later cut than the requests, in the same one, or is known to a rebuild.
  @Test(arguments: ["later", "same cut", "rebuilt"]) func detailGoesAndDailyTotalsStay(how: String) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let other = try await test.account(tier: .pro)
        try await catchUp(pool)
        try await track(source, 20, 8, 7, 1, in: test)
        if how == "later" { try await catchUp(pool) }
        try await retain(source, days: 7, in: test)
        if how == "later" { try await catchUp(pool) }
        // Late: it lies before what is kept, so it counts in its day's total and nowhere else.
        try await track(source, 20, 9, in: test)
        if how == "rebuilt" {
          for projection in try Projection.all(in: projectionsFolder) {
            try await Rebuild(pool: pool, projection: projection, logger: silent).run()
          }
        }
        try await catchUp(pool)
        try await expectDetail([7, 1], days: [20, 9, 8, 7, 1], in: test)
        #expect(
          try await test.number(
            "SELECT calls AS n FROM traffic.timeline WHERE grain = 'day' ORDER BY at LIMIT 1") == 4)
        #expect(try await test.number("SELECT sum(accepted)::integer AS n FROM usage.days") == 12)
        try await test.expectReplayIsClean(pool)

        // Somebody else's detail is their own affair.
        try await track(other, 20, in: test)
        try await catchUp(pool)
        #expect(try await days("requests.latest", "at", in: test) == [20, 7, 1])
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func aCorrectionOfAStretchThatIsNoLongerKeptMovesItsDailyTotalsAlone() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let stream = EventLog.Stream(
          name: "project-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
          projectID: source.projectID)
        try await test.log.handle(
          .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
        try await track(source, 9, 8, 2, in: test)
        try await retain(source, days: 7, in: test)
        try await catchUp(pool)
        try await Voiding(log: test.log)(
          UUID(), .init(mode: .live, from: Self.time(9), to: Self.time(8) + 1), reason: "load test", on: stream)
        try await catchUp(pool)
        try await expectDetail([2], days: [8, 2], in: test)
        #expect(
          try await test.number("SELECT calls AS n FROM traffic.timeline WHERE grain = 'day' ORDER BY at LIMIT 1") == 1
        )
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func partitionsOfDaysThatNothingIsKeptOfAreDroppedAndMadeAgainWhenNeeded() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        try await track(source, 34, 1, in: test)
        try await catchUp(pool)
        let partition = Date(timeIntervalSince1970: Double(Self.time(34)) / 1000)
          .formatted(
            .verbatim(
              "latest_\(year: .padded(4))_\(month: .twoDigits)_\(day: .twoDigits)", timeZone: .gmt,
              calendar: .init(identifier: .gregorian)))
        let exists: Query =
          "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'requests' AND tablename = \(partition)"
        #expect(try await test.number(exists) == 1)
        try await test.owner.query("DELETE FROM requests.latest WHERE at < now() - interval '10 days'")
        try await test.owner.query("VACUUM requests.\(identifier: partition)")
        try await pool.transaction { connection in
          try await connection.query("SELECT set_config('search_path', 'requests, pg_catalog', true)")
          try await connection.query("SELECT requests.drop_empty_days((now() - interval '20 days')::date)")
        }
        #expect(try await test.number(exists) == 0)
        try await track(source, 34, in: test)
        try await catchUp(pool)
        #expect(try await days("requests.latest", "at", in: test) == [34, 1])
      }
    }
  }
}
