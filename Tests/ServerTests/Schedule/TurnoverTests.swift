import Application
import Domain
import EventLog
import Foundation
import Postgres
import Server
import TestDatabase
import Testing

/// What the calendar does to a running server.
@Suite(.timeLimit(.whatHangs)) struct TurnoverTests {
  /// The last second of the month, and the first of the next: into a leap day, out of one, past the 28th, into a new year.
  @Test(arguments: [
    ("2028-02-28T23:59:59Z", "2028-02", "2028-02"), ("2028-02-29T23:59:59Z", "2028-02", "2028-03"),
    ("2027-02-28T23:59:59Z", "2027-02", "2027-03"), ("2026-12-31T23:59:59Z", "2026-12", "2027-01"),
  ])
  func eachEventUsesTheQuotaOfItsOwnMonthAcrossTheTurn(last: String, month: String, next: String) async throws {
    try await Service.with { service in
      service.clock.set(to: try Instant.parse(last))
      let tenant = try await service.open(.free)
      #expect(try await service.track(tenant, 1_000, after: -1).counts == Counts(accepted: 1_000))
      try await service.track(tenant, 1, after: 0).expectProblem("quota-exceeded", status: 429)

      service.clock.advance(seconds: 2)
      let late = try await service.track(tenant, 1, after: -3)
      late.expectProblem("quota-exceeded", status: 429, "what comes late is held against its own month")
      if month == next {
        try await service.track(tenant, 1, after: 0).expectProblem("quota-exceeded", status: 429)
      } else {
        #expect(try await service.track(tenant, 7, after: 0).counts == Counts(accepted: 7))
      }
      try await service.catchUp()
      let usage = try await service.get("/api/v1/usage", key: tenant.key)
      #expect(usage["month"].string == next)
      #expect(usage["used"] == (month == next ? 1_000 : 7))
      let before = try await service.get("/api/v1/usage?month=\(month)", key: tenant.key)
      #expect(before["used"] == 1_000)
      try await service.expectReplayIsClean()
    }
  }

  @Test func theLeapDayIsADayOfItsOwnInASeries() async throws {
    try await Service.with { service in
      service.clock.set(to: try Instant.parse("2028-03-01T00:00:30Z"))
      let tenant = try await service.open(.pro)
      for (count, seconds) in [(1, -86_431.0), (2, -31), (4, -30)] {
        #expect(try await service.track(tenant, count, after: seconds).counts == Counts(accepted: count))
      }
      try await service.catchUp()
      let series = try await service.get(
        tenant.path + "/timeseries?interval=day&from=2028-02-27T00:00:00Z&to=2028-03-02T00:00:00Z", key: tenant.key)
      #expect(series["points"].elements.map { $0["total_calls"].integer } == [0, 1, 2, 4])
      #expect(series["points"][2]["time"].string?.hasPrefix("2028-02-29T00:00:00") == true)
    }
  }

  /// A clock that is set back neither refuses what is in time by it, nor counts anything twice.
  @Test func aClockThatJumpsBackAndForthCountsEachEventOnce() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let id = UUID()
      let event = EventText(service.clock, after: -60).with(id: id).text
      #expect(try await service.track(event, key: tenant.key).counts == Counts(accepted: 1))
      for jump: Double in [-3_600, 7_200, 1_728_000, -1_731_600] {
        service.clock.advance(seconds: jump)
        let again = try await service.track(event, key: tenant.key)
        #expect(again.counts == Counts(duplicates: 1), "after a jump of \(jump) s")
      }
      #expect(try await service.logged(tenant) == 1)
    }
  }

  @Test func aServerThatWasDownForMonthsCanAppendAgainOnceItHasTurnedThem() async throws {
    try await Servers.with { servers in
      let test = servers.test
      let source = try await test.account()
      let shard = test.shard(of: source)
      // As if nobody had turned a month for half a year: the log has come to where there is no partition.
      servers.clock.set(to: .now + .days(190))
      let now = servers.clock.now
      try await test.owner.query("UPDATE log.heads SET recorded_at = \(now) WHERE shard = \(Int32(shard))")
      let unit = AppendUnit(.sample(source, at: servers.clock.now))
      await #expect(throws: PostgresError.self) { _ = try await test.log.append([unit], shard: shard) }

      let server = servers.start("back", MonthsJob(log: test.log))
      try await servers.job("months", where: "runs = 1 AND last_outcome = 'succeeded'")
      #expect(try await test.log.append([unit], shard: shard)[0].accepted == 1)
      try await server.stop()
    }
  }
}

extension Service {
  /// Tracks so many requests, so many seconds from now.
  func track(_ tenant: Tenant, _ count: Int, after seconds: Double) async throws -> Answer {
    try await track([EventText](repeating: EventText(clock, after: seconds), count: count).call(), key: tenant.key)
  }
}
