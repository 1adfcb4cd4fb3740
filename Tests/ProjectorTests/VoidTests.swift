import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// What becomes of voided requests in every read model.
@Suite(.timeLimit(.whatHangs)) struct VoidTests {
  private func catchUp(_ pool: Pool, only names: [String]? = nil) async throws {
    try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: names)
  }

  private func open(_ test: TestLog) async throws -> (TelemetrySource, StreamID) {
    let source = try await test.account(tier: .pro)
    let stream = StreamID(
      name: "project-\(source.projectID.uuidString.lowercased())", shard: test.shard(of: source),
      accountID: source.accountID, projectID: source.projectID)
    try await test.log.handle(
      .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
    return (source, stream)
  }

  private static var midnight: Instant { Instant.now.toDay }

  /// Whether the void came in a later cut than its requests, in the same one, or was known from the start.
  @Test(arguments: ["later", "same cut", "rebuilt"], [false, true])
  func voidedRequestsVanishFromAllThatIsShownAndStayInIntakeAndInTheQuotaUnlessGivenBack(
    how: String, givesBack: Bool
  ) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let (source, stream) = try await open(test)
        try await catchUp(pool)
        let noon = Self.midnight
        _ = try await test.log.append(
          [
            .requests(source, at: [noon + .milliseconds(1), noon + .milliseconds(2)], nanoseconds: { _ in 5_000_000 }),
            .requests(
              source, at: [noon + .minutes(1), noon + .seconds(61), noon + .hours(1)],
              nanoseconds: { _ in 9_000_000_000 }),
          ], shard: stream.shard)
        if how == "later" { try await catchUp(pool) }
        try await Voiding(log: test.log)(
          UUID(), .init(mode: .live, from: noon + .minutes(1), to: noon + .days(1)), reason: "load test",
          givesBackQuota: givesBack, on: stream)
        if how == "rebuilt" {
          for projection in try Projection.all(in: projectionsFolder) {
            try await Rebuild(pool: pool, projection: projection, logger: silent).run()
          }
        }
        try await catchUp(pool)
        for table in ["minutes", "days", "endpoints"] {
          let rows = try await test.owner.query("SELECT total FROM traffic.\(identifier: table)")
          let total = try rows.reduce(into: TrafficCell()) { $0.add(try TrafficCell(bytes: try $1.decode("total"))) }
          #expect(total.calls == 2, "\(table)")
          #expect(total.longest == 5_000_000, "the maximum was of a voided request")
        }
        #expect(try await test.number("SELECT sum(log.series_calls(total))::bigint AS n FROM traffic.paths") == 2)
        #expect(try await test.places().map(\.count) == [4, 1], "what is voided keeps its place")
        for table in ["months", "key_months"] {
          let row = try #require(try await test.owner.query("SELECT * FROM usage.\(identifier: table)").first)
          let numbers = try ["used", "voided", "given_back"].map { try row.decode($0, as: Int.self) }
          #expect(numbers == (givesBack ? [2, 3, 3] : [5, 3, 0]), "\(table)")
        }
        #expect(try await test.number("SELECT accepted AS n FROM usage.intake") == 5, "what was received stays said")
        let shown = try await test.ask(
          "usage", "voids", [Int32(stream.shard), source.projectID, Int64?.none, Int32(9)])
        #expect(try #require(shown.first).decode("events", as: Int.self) == 3)
        #expect(try #require(shown.first).decode("reason", as: String.self) == "load test")
        #expect(try #require(shown.first).decode("gives_back_quota", as: Bool.self) == givesBack)
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func whatIsVoidedKeepsItsPlaceAsWhatWasShownBeforeIsAskedForLater() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let (source, stream) = try await open(test)
        try await catchUp(pool)
        let noon = Self.midnight
        _ = try await test.log.append(
          [.requests(source, at: (0..<30).map { noon + .milliseconds($0) })], shard: stream.shard)
        _ = try await test.log.append(
          [.requests(source, at: (100..<1_500).map { noon + .milliseconds($0) })], shard: stream.shard)
        try await catchUp(pool)
        #expect(try await test.places().map(\.most) == [30, 1_400])
        try await Voiding(log: test.log)(
          UUID(), .init(mode: .live, from: noon + .milliseconds(100), to: noon + .milliseconds(1_400)),
          reason: "load test", on: stream)
        try await catchUp(pool)
        #expect(try await test.places().map(\.most) == [30, 1_400])
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  /// Three ways to count the same: the meter, the usage by the voids' own counts, and the traffic by looking at every request.
  @Test(arguments: 20..<24) func allReadModelsAgreeOnWhatCounts(seed: Int) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        _ = try await Installation(
          pool: pool, projections: Projection.all(in: projectionsFolder), logger: silent
        ).run()
        var log = try await RandomLog(test, seed: seed)
        for _ in 0..<4 {
          try await log.append(25)
          for source in log.sources { try await log.void(source) }
          try await test.log.writeTallies()
          try await catchUp(pool)
        }
        #expect(try await test.number("SELECT count(*) AS n FROM log.voids") > 0)
        let differing = try await test.number(
          """
          WITH traffic AS (
            SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, p.account_id, t.mode,
              sum(log.series_calls(t.total)) AS calls
            FROM traffic.days AS t JOIN directory.projects AS p USING (shard, project_id)
            GROUP BY 1, 2, 3
          )
          SELECT count(*) AS n
          FROM log.meters AS l
          FULL JOIN usage.months AS m USING (shard, account_id, month, mode)
          LEFT JOIN traffic AS t USING (account_id, month, mode)
          WHERE l.used IS DISTINCT FROM m.used OR l.refused IS DISTINCT FROM m.refused OR l.quota IS DISTINCT FROM m.quota
            OR m.used + m.given_back - m.voided <> coalesce(t.calls, 0)
          """)
        #expect(differing == 0)
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func whatWasShownBeforeTheVoidCanBeShownAgain() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let (source, stream) = try await open(test)
        _ = try await test.log.append(
          [.requests(source, at: (0..<9).map { Self.midnight + .milliseconds($0) })], shard: stream.shard)
        let before = try await test.number(
          "SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(stream.shard))")
        try await Voiding(log: test.log)(
          UUID(), .init(mode: .live, from: Self.midnight, to: Self.midnight + .milliseconds(4)), reason: "load test",
          givesBackQuota: true, on: stream)
        try await catchUp(pool)
        let travel = TimeTravel(pool: pool, projections: projectionsFolder, logger: silent)
        _ = try await travel.run(to: .positions([stream.shard: Int64(before)]), name: "before")
        _ = try await travel.run(to: .positions([stream.shard: Int64(before) + 1]), name: "after")
        for (schema, calls) in [("before", 9), ("after", 5)] {
          let query = Query(
            "SELECT sum(log.series_calls(total))::bigint AS n FROM \(identifier: "traffic_\(schema)").paths")
          #expect(try await test.number(query) == calls)
          #expect(try await test.number("SELECT used AS n FROM \(identifier: "usage_\(schema)").months") == calls)
        }
      }
    }
  }
}
