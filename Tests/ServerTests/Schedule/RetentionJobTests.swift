import Domain
import EventLog
import Foundation
import Postgres
import Server
import TestDatabase
import Testing

@Suite(.timeLimit(.minutes(15))) struct RetentionJobTests {
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

  @Test func aClockThatIsAYearAheadForgetsNothing() async throws {
    try await Service.with { service in
      let tenant = try await service.openNow(.free)
      try await service.track(tenant, daysAgo: 1)
      try await service.run(RetentionJob.init, now: service.clock.milliseconds + 365 * 86_400_000)
      #expect(try await service.count("retention_applied") == 0)
    }
  }
}

extension Service {
  /// An account opened at what the clock says is now, which is made to be the real one: the log records at that.
  func openNow(_ tier: Tier) async throws -> Tenant {
    clock.advance(seconds: Date().timeIntervalSince1970 - Double(clock.milliseconds) / 1000)
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
    let now = Date(timeIntervalSince1970: Double(clock.milliseconds) / 1000)
    try await test.owner.query("UPDATE log.heads SET recorded_at = greatest(recorded_at, \(now))")
    try await run(RetentionJob.init, now: clock.milliseconds)
  }

  func run(_ make: (Log, QueryCatalog) throws -> RetentionJob, now: Int64) async throws {
    try await make(test.log, QueryCatalog(folder: Self.projections)).run(now: now)
    try await catchUp()
  }
}

extension TestClock {
  /// RFC 3339, the beginning of a day (UTC).
  func midnight(daysAgo days: Int64) -> String {
    Date(timeIntervalSince1970: Double((milliseconds / 86_400_000 - days) * 86_400)).formatted(
      Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
