import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct QuotaTests {
  /// The rule stands twice, in SQL and as a value (see Meter.swift): the same random sequences must give the same decisions.
  @Test(arguments: 0..<8, KeyMode.allCases) func sqlAndTheMeterDecideAlike(seed: Int, mode: KeyMode) async throws {
    try await TestLog.with { test in
      var random = Seeded(seed)
      let source = try await test.account(tier: .free).with(mode)
      let shard = test.shard(of: source)
      var meter = Meter(quota: Tier.free.quota(of: mode), mode: mode)
      let began = Int64(Date().timeIntervalSince1970 * 1000)
      let project = test.projectStream(source)
      try await test.log.handle(
        .create(id: source.projectID, accountID: source.accountID, name: "p"), by: Project.self, on: project)
      for round in 0..<30 {
        if round == 12 + seed, meter.used > 0 {
          // All so far was a load test.
          let stretch = Voiding.Stretch(mode: mode, from: began, to: Int64(Date().timeIntervalSince1970 * 1000) + 1)
          let void = try await Voiding(log: test.log)(
            UUID(), stretch, reason: "load test", givesBackQuota: seed % 3 > 0, on: project
          ).void
          #expect(void.events == meter.used)
          meter.void(void.events, givesBackQuota: void.givesBackQuota)
        }
        if round == 20, seed.isMultiple(of: 2) {
          // A higher tier in the middle of the month.
          try await test.upgrade(source, to: .pro)
          meter.setQuota(Tier.pro.quota(of: mode))
        }
        let counts = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 0...90, using: &random) }
        let outcomes = try await test.log.append(counts.map { AppendUnit(.sample(source, count: $0)) }, shard: shard)
        let decisions = counts.map { meter.take($0) }
        #expect(outcomes.map(\.accepted) == decisions.map(\.accepted))
        #expect(outcomes.map(\.refused) == decisions.map(\.refused))
        #expect(outcomes.compactMap(\.meter?.used).max() == meter.used)
      }
      try await test.log.writeTallies()
      let row = try #require(try await test.owner.query("SELECT * FROM log.meters").first)
      #expect(try row.decode("used", as: Int.self) == meter.used)
      #expect(try row.decode("refused", as: Int.self) == meter.refused)
      #expect(try row.decode("threshold_reached", as: Bool.self) == meter.thresholdReached)
      #expect(try row.decode("exceeded", as: Bool.self) == meter.exceeded)
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func crossingsAreRecordedOnceAMonthInTheBatchThatCrosses() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      for _ in 0..<12 {
        _ = try await test.log.append([AppendUnit(.sample(source, count: 100))], shard: test.shard(of: source))
      }
      let crossings = try await test.owner.query(
        "SELECT type, data ->> 'used' AS used FROM log.events WHERE type LIKE 'quota%' ORDER BY position")
      #expect(
        try crossings.map { try $0.decode("type", as: String.self) } == ["quota_threshold_reached", "quota_exceeded"])
      #expect(try crossings.map { try $0.decode("used", as: String.self) } == ["800", "1000"])
    }
  }

  @Test(arguments: Tier.allCases) func testEventsHaveAQuotaOfTheirOwnAndLeaveTheLiveOneAlone(tier: Tier) async throws {
    try await TestLog.with { test in
      let live = try await test.account(tier: tier)
      let source = live.with(.test)
      let outcome = try await test.log.append(
        [AppendUnit(.sample(source, count: tier.testQuota + 5)), AppendUnit(.sample(live, count: 7))],
        shard: test.shard(of: source))
      #expect(outcome.map(\.accepted) == [tier.testQuota, 7])
      #expect(outcome[0].refused == 5)
      #expect(outcome.map(\.meter?.used) == [tier.testQuota, 7])
      #expect(outcome.map(\.meter?.quota) == [tier.testQuota, tier.monthlyQuota])
      let told = try await test.number("SELECT count(*) AS n FROM log.events WHERE type LIKE 'quota%'")
      #expect(told == 0, "crossings are of the live quota alone")
      try await test.expectMetersMatchTheLog()
    }
  }

  /// The events that set quotas name the tier, so the log must mean by it what the table of tiers does.
  @Test func sqlAndTheTableOfTiersGiveTheSameTestQuotas() async throws {
    try await TestLog.with { test in
      for tier in Tier.allCases {
        let quota = try await test.number("SELECT log.test_quota(\(tier.rawValue)) AS n")
        #expect(quota == tier.testQuota)
      }
      for unknown: Query in ["SELECT log.test_quota('gold') AS n", "SELECT log.test_quota(NULL) AS n"] {
        let quota = try await test.number(unknown)
        #expect(quota == Tier.free.testQuota)
      }
    }
  }

  @Test func anAccountThatWasNeverOpenedMayUseNothing() async throws {
    try await TestLog.with { test in
      let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
      let outcome = try await test.log.append([AppendUnit(.sample(source, count: 3))], shard: test.shard(of: source))[0]
      #expect(outcome.refused == 3)
    }
  }

  /// Promises 2, 3, 5 and 7 at once: several processes' worth of appenders, every unit sent by more than one of them.
  @Test(arguments: 0..<4, KeyMode.allCases) func anyInterleavingOfAppendersCountsEachEventOnceAndTheQuotaExactly(
    seed: Int, mode: KeyMode
  ) async throws {
    try await TestLog.with { test in
      let sources = [try await test.account(tier: .free).with(mode), try await test.account(tier: .free).with(mode)]
      var random = Seeded(seed)
      var units: [(shard: Int, unit: AppendUnit)] = []
      var offered: [UUID: Int] = [:]
      for _ in 0..<80 {
        let source = try #require(sources.randomElement(using: &random))
        let count = Int.random(in: 1...60, using: &random)
        offered[source.accountID, default: 0] += count
        let unit = AppendUnit(.sample(source, count: count, identity: .batch(UUID(), digest: Int64(count))))
        units.append((test.shard(of: source), unit))
      }
      let schedules = (0..<3).map { _ in units.shuffled(using: &random) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for schedule in schedules {
          let log = try await test.another()
          group.addTask {
            for (shard, unit) in schedule { _ = try await log.append([unit], shard: shard) }
            await log.close()
          }
        }
        try await group.waitForAll()
      }
      for source in sources {
        let used = try await test.number("SELECT used AS n FROM log.meters WHERE account_id = \(source.accountID)")
        #expect(used == min(offered[source.accountID, default: 0], Tier.free.quota(of: mode)))
        let events = try await test.number(
          """
          SELECT count(DISTINCT (id, ordinal)) AS n FROM log.events
          WHERE type = 'request_tracked' AND account_id = \(source.accountID)
          """)
        #expect(events == used, "every event counted stands in the log once")
      }
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }
}

extension TelemetrySource {
  /// The same, live or test.
  func with(_ mode: KeyMode) -> TelemetrySource {
    TelemetrySource(accountID: accountID, projectID: projectID, keyID: keyID, mode: mode)
  }
}

extension Tier {
  /// Events of a mode that an account may track in a month.
  fileprivate func quota(of mode: KeyMode) -> Int { mode == .live ? monthlyQuota : testQuota }
}
