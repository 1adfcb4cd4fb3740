import Domain
import EventLog
import Foundation
import Postgres
import Projector
import TestDatabase
import Testing

@testable import Application

/// A demo is made once, whatever happens on the way, and is in the log as what it is.
@Suite(.timeLimit(.whatHangs)) struct MakeDemoTests {
  private struct Clock: WallClock {
    let now: Instant
  }

  private struct Ended: Error {}

  private static let now = SystemClock().now

  private func demo(_ recounted: Recounted, days: Int64 = 0) -> MakeDemo {
    MakeDemo(log: recounted.test.log, clock: Clock(now: Self.now + .days(days)))
  }

  /// All that the log holds of requests, in its order.
  private func requests(_ recounted: Recounted) async throws -> [String] {
    try await recounted.test.owner.query(
      "SELECT data::text AS data FROM log.events WHERE type = 'request_tracked' ORDER BY shard, position"
    ).map { try $0.decode("data") }
  }

  private func events(_ recounted: Recounted) async throws -> Int {
    try await recounted.test.owner.query("SELECT sum(last_position)::bigint AS n FROM log.heads").first?.decode("n")
      ?? 0
  }

  private func make(_ demo: MakeDemo, endingAfter steps: Int = .max) async throws -> MakeDemo.Made {
    var left = steps
    return try await demo(monthlyRequests: 2_000) { _ in
      left -= 1
      if left < 0 { throw Ended() }
    }
  }

  @Test func aSecondRunAddsNothing() async throws {
    try await Recounted.with { recounted in
      let made = try await make(demo(recounted))
      let before = try await events(recounted)
      #expect(try await requests(recounted).count == made.requests && made.added == made.requests)
      #expect(made.requests > 1_500)
      let again = try await make(demo(recounted))
      #expect(again.added == 0 && again.requests == made.requests && again.account == made.account)
      #expect(try await events(recounted) == before)
    }
  }

  @Test func aRunThatWasEndedGoesOnWhereItWas() async throws {
    try await Recounted.with { whole in
      _ = try await make(demo(whole))
      let expected = try await requests(whole)
      try await Recounted.with { broken in
        for steps in [0, 1, 30, 50] {
          await #expect(throws: Ended.self) { _ = try await make(demo(broken), endingAfter: steps) }
        }
        let made = try await make(demo(broken))
        #expect(made.requests == expected.count && made.added < made.requests)
        #expect(try await requests(broken) == expected)
      }
    }
  }

  @Test func aLaterRunAddsTheHoursSinceByTheSameRecipe() async throws {
    try await Recounted.with { recounted in
      let made = try await make(demo(recounted, days: -2))
      let later = try await demo(recounted)(seed: 99, monthlyRequests: 300_000)
      #expect((50...500).contains(later.added), "\(later.added)")
      #expect(later.span == made.span.lowerBound..<Self.now.toHour)
    }
  }

  @Test func itsNumbersFitItsQuotaAndAreRecountedRowForRow() async throws {
    try await Recounted.with { recounted in
      let made = try await make(demo(recounted))
      try await recounted.catchUp()
      let month = CalendarMonth(of: Self.now)
      let months = [month, CalendarMonth(of: month.start - .days(1)), CalendarMonth(of: month.start - .days(32))]
      let usage = try await recounted.questions.usage(of: made.account, months: months).value.map(\.live)
      #expect(usage.reduce(0) { $0 + $1.used } == Int64(made.requests))
      #expect(usage.reduce(0) { $0 + $1.voided } >= 40 && usage.allSatisfy { $0.refused == 0 })
      let gaps = try await recounted.questions.senders(
        ofProject: made.project, in: made.account, mode: .live, withGaps: true, limit: 5)
      let senders = try await recounted.questions.senders(
        ofProject: made.project, in: made.account, mode: .live, limit: 5)
      #expect(gaps.value.entries.isEmpty && senders.value.entries.count == 2)
      var settings = recounted.test.database.settings
      settings.role = "recount_projector"
      let pool = Pool(settings, size: 3, logger: Recounted.silent)
      let report = try await ReplayCheck(pool: pool, projections: Recounted.projections, logger: Recounted.silent).run()
      await pool.close()
      #expect(report.isClean, "\(report.tables.flatMap(\.differences))")
    }
  }

  @Test func theDirectoryKnowsWhatIsADemoAndSoDoesWhoComesBeforeIt() async throws {
    try await Recounted.with { recounted in
      let tenant = try await recounted.open()
      try await recounted.catchUp()
      #expect(try await recounted.questions.demo() == nil)
      let made = try await make(demo(recounted))
      func isDemo() async throws -> [Bool?] {
        [
          try await recounted.questions.account(made.account)?.value.account.isDemo,
          try await recounted.questions.project(made.project, of: made.account)?.value.isDemo,
          try await recounted.questions.account(tenant.account)?.value.account.isDemo,
          try await recounted.questions.project(tenant.project, of: tenant.account)?.value.isDemo,
        ]
      }
      #expect(try await isDemo() == [true, true, false, false])
      try await recounted.catchUp(only: ["directory"])
      #expect(try await isDemo() == [true, true, false, false])
      #expect(try await recounted.questions.demo()?.value.id == made.project)
    }
  }

  @Test func oneThatIsRemovedIsShownNoMoreAndMakesRoomForAnother() async throws {
    try await Recounted.with { recounted in
      #expect(try await demo(recounted).remove() == nil)
      let made = try await make(demo(recounted))
      #expect(try await demo(recounted).remove() == made.account)
      #expect(try await demo(recounted).remove() == nil)
      try await recounted.catchUp(only: ["directory"])
      #expect(try await recounted.questions.demo() == nil)
      let next = try await make(demo(recounted))
      #expect(next.account != made.account && next.added == next.requests)
      try await recounted.catchUp(only: ["directory"])
      #expect(try await recounted.questions.demo()?.value.accountID == next.account)
    }
  }
}
