import Application
import Domain
import Foundation
import Postgres
import Projector
import Server
import TestDatabase
import Testing

@Suite(.timeLimit(.whatHangs)) struct TierTests {
  @Test func aTierChangedInMidMonthCountsAtOnceUpAndFromTheNextMonthOnDown() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let events = [EventText](repeating: EventText(service.clock), count: 1_200).call()
      #expect(try await service.track(events, key: tenant.key).counts == Counts(accepted: 1_000, refused: 200))

      try await service.change(tenant, to: .pro)
      #expect(try await service.track(events, key: tenant.key).counts == Counts(accepted: 1_200))
      try await service.expectUsage(tenant, used: 2_200, quota: 50_000, refused: 200)

      try await service.change(tenant, to: .free)
      #expect(try await service.track(events, key: tenant.key).counts == Counts(accepted: 1_200))
      try await service.expectUsage(tenant, used: 3_400, quota: 50_000, refused: 200)

      try await service.change(tenant, to: .business)
      #expect(try await service.track(events, key: tenant.key).counts == Counts(accepted: 1_200))
      try await service.expectUsage(tenant, used: 4_600, quota: 500_000, refused: 200)
      // Each crossing is announced once a month and limit.
      #expect(try await service.count("quota_exceeded") == 1)
      try await service.expectReplayIsClean()
    }
  }

  @Test func anUpgradeLeavesThePastMonthAsItWas() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let lastMonth = [EventText](repeating: EventText(service.clock, after: -20 * 86_400), count: 1_100).call()
      #expect(try await service.track(lastMonth, key: tenant.key).counts == Counts(accepted: 1_000, refused: 100))
      try await service.change(tenant, to: .pro)
      try await service.track(lastMonth, key: tenant.key).expectProblem("quota-exceeded", status: 429)
      let month = service.clock.month(-20 * 86_400)
      try await service.catchUp()
      let usage = try await service.get("/api/v1/usage?month=\(month)", key: tenant.key)
      #expect(usage["quota"] == 1_000)
      #expect(usage["refused"] == 1_200)
      try await service.expectReplayIsClean()
    }
  }
}

extension Service {
  func change(_ tenant: Tenant, to tier: Tier) async throws {
    #expect(try await ChangeTier(log: test.log)(tenant.accountID, to: tier))
    try await catchUp(only: ["directory"])
    let shown = try await number(
      "SELECT monthly_quota AS n FROM directory.accounts WHERE account_id = \(tenant.accountID)")
    #expect(shown == tier.monthlyQuota)
  }

  /// How many events of a type the log holds.
  func count(_ type: String) async throws -> Int {
    try await number("SELECT count(*) AS n FROM log.events WHERE type = \(type)")
  }

  func expectUsage(
    _ tenant: Tenant, used: Int, quota: Int, refused: Int, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    try await catchUp()
    let usage = try await get("/api/v1/usage", key: tenant.key)
    #expect(usage["used"].integer == used, sourceLocation: location)
    #expect(usage["quota"].integer == quota, sourceLocation: location)
    #expect(usage["refused"].integer == refused, sourceLocation: location)
    #expect(usage["remaining"].integer == max(0, quota - used), sourceLocation: location)
  }

  /// Promise 7: the log alone gives every row that is shown.
  func expectReplayIsClean(_ location: SourceLocation = #_sourceLocation) async throws {
    var settings = test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 3, logger: Self.silent)
    let report = try await ReplayCheck(pool: pool, projections: Self.projections, logger: Self.silent).run()
    await pool.close()
    #expect(report.tables.flatMap(\.differences).isEmpty, sourceLocation: location)
    #expect(report.isClean, sourceLocation: location)
  }
}
