import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// What becomes of detail that is no longer kept, in every read model.
@Suite(.timeLimit(.whatHangs)) struct RetentionTests {
  /// A minute past midnight, so many days ago.
  private static func time(_ days: Int64) -> Instant { Instant.now.toDay - .days(days) + .minutes(1) }

  private func catchUp(_ pool: Pool) async throws {
    try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
  }

  private func retain(_ source: TelemetrySource, days: Int64, in test: TestLog) async throws {
    let stream = StreamID(
      name: "retention-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    let applied = RetentionApplied(
      accountID: source.accountID, projectID: source.projectID, before: Self.time(days) - .minutes(1), tier: .free,
      days: Int(days))
    try await test.log.handle(.apply(applied), by: Retention.self, on: stream)
  }

  private func track(_ source: TelemetrySource, _ days: Int64..., in test: TestLog) async throws {
    for days in days {
      _ = try await test.log.append(
        [.requests(source, at: [Self.time(days), Self.time(days) + .hours(2)])], shard: test.shard(of: source))
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
    for table in ["minutes", "endpoints", "endpoints_blocks", "paths", "paths_blocks"] {
      #expect(try await days("traffic.\(table)", "at", in: test) == kept, "\(table)")
    }
    #expect(try await days("traffic.days", "at", where: "cells IS NOT NULL", in: test) == kept)
    #expect(try await days("requests.batches", "at", in: test) == kept)
    #expect(try await days("traffic.days", "at", in: test) == all)
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
            "SELECT log.series_calls(total) AS n FROM traffic.days ORDER BY at LIMIT 1") == 4)
        #expect(try await test.number("SELECT sum(accepted)::integer AS n FROM usage.days") == 12)
        try await test.expectReplayIsClean(pool)

        // Somebody else's detail is their own affair.
        try await track(other, 20, in: test)
        try await catchUp(pool)
        #expect(try await days("requests.batches", "at", in: test) == [20, 7, 1])
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func aVoidOfASpanThatIsNoLongerKeptMovesItsDailyTotalsAlone() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let stream = StreamID(
          name: "project-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
          projectID: source.projectID)
        try await test.log.handle(
          .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
        try await track(source, 9, 8, 2, in: test)
        try await retain(source, days: 7, in: test)
        try await catchUp(pool)
        try await Voiding(log: test.log)(
          UUID(), .init(mode: .live, from: Self.time(9), to: Self.time(8) + .milliseconds(1)), reason: "load test",
          on: stream)
        try await catchUp(pool)
        try await expectDetail([2], days: [8, 2], in: test)
        #expect(
          try await test.number("SELECT log.series_calls(total) AS n FROM traffic.days ORDER BY at LIMIT 1") == 1
        )
        try await test.expectReplayIsClean(pool)
      }
    }
  }
}
