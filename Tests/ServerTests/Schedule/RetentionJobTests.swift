import Application
import Domain
import EventLog
import Foundation
import Postgres
import Server
import TestDatabase
import Testing

@Suite(.timeLimit(.whatHangs)) struct RetentionJobTests {
  private static let day = 86_400.0

  @Test func whatTheTierDoesNotKeepIsForgottenAndTheAnswersSaySo() async throws {
    try await Service.with { service in
      let tenant = try await service.openNow(.free)
      for days in [20.0, 8, 7, 1] { try await service.track(tenant, daysAgo: days) }
      let before = try await service.get(tenant.path + "/summary?\(service.span)", key: tenant.key)
      #expect(before["detail_from"] == .null)
      #expect(before["total_calls"] == 8)

      try await service.retain()
      let begin = service.clock.midnight(daysAgo: 7)
      for name in ["summary", "timeseries", "endpoints", "requests", "intake"] {
        let answer = try await service.get(tenant.path + "/\(name)?\(service.span)", key: tenant.key)
        #expect(answer.status == 200)
        #expect(answer["detail_from"].string == begin, "\(name)")
      }
      #expect(try await service.get(tenant.path + "/summary?\(service.span)", key: tenant.key)["total_calls"] == 8)
      let days = try await service.get(tenant.path + "/timeseries?interval=day&\(service.span)", key: tenant.key)
      #expect(days["points"].elements.compactMap { $0["total_calls"].integer }.filter { $0 > 0 } == [2, 2, 2, 2])
      let hours = try await service.get(tenant.path + "/timeseries?interval=hour&\(service.span)", key: tenant.key)
      #expect(hours["points"][0]["time"].string == begin, "no hour that is not kept is shown as a quiet one")
      let requests = try await service.get(tenant.path + "/requests?\(service.span)", key: tenant.key)
      #expect(requests["requests"].elements.count == 4)

      // Late, but within the window: it counts in its day, and is not to be seen alone.
      try await service.track(tenant, daysAgo: 8)
      #expect(try await service.get(tenant.path + "/summary?\(service.span)", key: tenant.key)["total_calls"] == 10)
      let again = try await service.get(tenant.path + "/requests?\(service.span)", key: tenant.key)
      #expect(again["requests"].elements.count == 4)
      try await service.expectReplayIsClean()
    }
  }

  @Test func itIsAppliedOnceADayAndOnlyWhereThereIsSomethingToForget() async throws {
    try await Service.with { service in
      let tenant = try await service.openNow(.free)
      _ = try await service.openNow(.free)
      try await service.track(tenant, daysAgo: 9)
      try await service.track(tenant, daysAgo: 6)
      for expected in [1, 1] {
        try await service.retain()
        #expect(try await service.count("retention_applied") == expected)
      }
      service.clock.advance(seconds: Self.day)
      try await service.retain()
      #expect(try await service.count("retention_applied") == 1, "the next day's cut has nothing to take")
      // After downtime: one event, however many days were missed.
      service.clock.advance(seconds: 20 * Self.day)
      try await service.retain()
      #expect(try await service.count("retention_applied") == 2)
      let hours = try await service.number("SELECT count(*) AS n FROM usage.intake")
      #expect(hours == 0, "hours of receipt are detail, too")
      #expect(try await service.number("SELECT sum(accepted)::integer AS n FROM usage.days") == 4)
      let intake = try await service.get(tenant.path + "/intake?interval=day&\(service.span)", key: tenant.key)
      #expect(intake["days"].elements.compactMap { $0["received"].integer } == [4])
      try await service.expectReplayIsClean()
    }
  }

  @Test func anUpgradeBeforeThePurgeKeepsTheDetail() async throws {
    try await Service.with { service in
      let tenant = try await service.openNow(.free)
      try await service.track(tenant, daysAgo: 20)
      try await service.change(tenant, to: .pro)
      try await service.retain()
      #expect(try await service.count("retention_applied") == 0)
    }
  }

  @Test func aDowngradeGivesSevenDaysNotice() async throws {
    try await Service.with { service in
      let tenant = try await service.openNow(.business)
      try await service.track(tenant, daysAgo: 20)
      try await service.change(tenant, to: .free)
      for _ in 0..<2 {
        try await service.retain()
        #expect(try await service.count("retention_applied") == 0)
        service.clock.advance(seconds: 3.4 * Self.day)
      }
      service.clock.advance(seconds: 0.4 * Self.day)
      try await service.retain()
      #expect(try await service.count("retention_applied") == 1)
    }
  }

  /// Nothing comes to its shard any more: it is as late there as everywhere.
  @Test func anAccountOnASilentShardDoesNotKeepItsDetailForEver() async throws {
    try await Service.with { service in
      var tenants: [Service.Tenant] = []
      try await service.nineDaysAgo { tenants.append(try await service.openAndTrack()) }
      try await service.catchUp()
      #expect(try await service.number("SELECT count(*) AS n FROM traffic.paths") == 1)
      try await service.run(now: service.clock)
      #expect(try await service.count("retention_applied") == 1)
      #expect(try await service.number("SELECT count(*) AS n FROM traffic.paths") == 0)
      #expect(
        try await service.number("SELECT sum(log.series_calls(total))::integer AS n FROM traffic.days") == 2)
    }
  }

  @Test(arguments: [365.0, -365, 1]) func clocksThatDisagreeForgetNothingThatTheLogHasNotComeToAndSaySo(days: Double)
    async throws
  {
    try await Service.with { service in
      try await service.nineDaysAgo { _ = try await service.openAndTrack() }
      try await service.catchUp()
      let wrong = TestClock()
      wrong.set(to: service.clock.now + .seconds(days * Self.day))
      await #expect(throws: RetentionJob.HeldBack.self) { try await service.run(now: wrong) }
      #expect(try await service.count("retention_applied") == 0)
      #expect(try await service.number("SELECT count(*) AS n FROM traffic.paths") == 1)
    }
  }

  @Test func whatIsHeldBackStandsInTheStatusUntilTheClockIsSet() async throws {
    try await Servers.with { servers in
      try await servers.test.recorded(at: .now - .days(9)) {
        _ = try await servers.test.account()
      }
      try await servers.catchUp()
      let clock = TestClock()
      clock.set(to: .now + .days(365))
      let job = try RetentionJob(
        log: servers.test.log, queries: QueryCatalog(folder: Service.projections), clock: clock)
      let server = servers.start("ahead", clock: clock, job)
      try await servers.job("retention", where: "last_outcome = 'failed'")
      let status = try await JobStatus.all(servers.test.log.pool).first { $0.name == "retention" }
      #expect(status?.lastError?.hasPrefix("this server's clock is 1 year") == true, "\(status?.lastError ?? "")")
      #expect(status?.lastError?.contains("ahead of the database's") == true)

      clock.advance(seconds: -365 * Self.day)
      // Due again, whatever the wrong clock had said of when.
      try await servers.test.owner.query("UPDATE operations.jobs SET next_due = now() - interval '1 day'")
      try await servers.job("retention", where: "last_outcome = 'succeeded' AND failures_in_a_row = 0")
      try await server.stop()
    }
  }
}

extension Service {
  /// An account opened at what the clock says is now, which is made to be the real one: the log records at that.
  func openNow(_ tier: Tier) async throws -> Tenant {
    clock.set(to: .now)
    return try await open(tier)
  }

  /// From two months ago to tomorrow.
  var span: String { "from=\(clock.time(-60 * 86_400))&to=\(clock.time(86_400))" }

  /// Tracks two requests, so many days ago.
  func track(_ tenant: Tenant, daysAgo days: Double) async throws {
    let events = [EventText](repeating: EventText(clock, after: -days * 86_400), count: 2).call()
    #expect(try await track(events, key: tenant.key).counts == Counts(accepted: 2))
    try await catchUp()
  }

  /// Does what is due to be forgotten by the clock, as a log that has come that far.
  func retain() async throws {
    let now = clock.now
    try await test.owner.query("UPDATE log.heads SET recorded_at = greatest(recorded_at, \(now))")
    try await run(now: clock)
  }

  /// Does what is due by a server's clock.
  func run(now clock: TestClock) async throws {
    let job = try RetentionJob(log: test.log, queries: QueryCatalog(folder: Self.projections), clock: clock)
    try await job.run(now: clock.now)
    try await catchUp()
  }

  /// What the log records while the body runs, it recorded nine days ago.
  func nineDaysAgo(_ body: () async throws -> Void) async throws {
    let then = Instant.now - .days(9)
    clock.set(to: then)
    try await test.recorded(at: then, body)
    clock.set(to: .now)
  }

  /// An account, and two requests of this moment.
  func openAndTrack() async throws -> Tenant {
    let tenant = try await open(.free)
    let events = [EventText](repeating: EventText(clock), count: 2).call()
    #expect(try await track(events, key: tenant.key).counts == Counts(accepted: 2))
    return tenant
  }
}

extension TestClock {
  /// RFC 3339, the beginning of a day (UTC).
  func midnight(daysAgo days: Int64) -> String { "\(now.toDay - .days(days))" }
}
