import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct QuotaTests {
  /// The rule stands twice, in SQL and as values (see Meter.swift): the same random sequences must give the same decisions, quotas in
  /// force and crossings, live and test, this month and the one before, whatever is voided and whichever tier comes.
  @Test(arguments: 0..<16) func sqlAndTheMetersDecideAlike(seed: Int) async throws {
    try await TestLog.with { test in
      var sequence = try await QuotaSequence(test, seed: seed)
      for _ in 0..<40 { try await sequence.step() }
      try await sequence.expectTheSameOfTheLog()
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func sqlAndTheMetersCrossAtTheSamePercents() async throws {
    try await TestLog.with { test in
      for crossing in QuotaCrossing.allCases {
        let percent = try await test.number("SELECT log.quota_percent(\(crossing.rawValue)) AS n")
        #expect(percent == crossing.percent)
      }
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

  @Test func aTierThatIsLoweredKeepsTheMonthsQuotaAndTheNextMonthHasTheLowerOne() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      try await test.change(source, .changeTier(.free, because: .operator, at: now))
      #expect(try await test.track(source, 1_500, at: now) == [1_500, 50_000])
      #expect(try await test.track(source.with(.test), 1_500, at: now) == [1_500, 10_000])
      #expect(try await test.track(source, 1_500, at: nextMonth) == [1_000, 1_000])
      #expect(try await test.track(source.with(.test), 1_500, at: nextMonth) == [1_000, 1_000])
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func aLoweringForWantOfPaymentDecidesItsCrossingsInTheSameAppendAndOnceEach() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      #expect(try await test.track(source, 900, at: now) == [900, 50_000])
      try await test.change(source, .changeTier(.free, because: .unpaid, at: now))
      #expect(try await test.lastBatch(source) == ["tier_changed", "quota_threshold_reached"])
      #expect(try await test.track(source, 200, at: now) == [100, 1_000])
      try await test.change(source, .changeTier(.pro, because: .subscription, at: now))
      #expect(try await test.lastBatch(source) == ["tier_changed"])
      try await test.change(source, .changeTier(.free, because: .paymentFailed, at: now))
      #expect(try await test.lastBatch(source) == ["tier_changed"], "of this quota all has been said")
      try await test.change(source, .grant(AccountGrant(monthlyQuota: 1_001), because: "a trial", at: now))
      #expect(try await test.lastBatch(source) == ["account_granted", "quota_threshold_reached"])
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  @Test func exactlyTheShareIsCrossedAndNothingIsRoundedUp() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      try await test.change(source, .grant(AccountGrant(monthlyQuota: 12_345), because: "a trial", at: now))
      // 79.992 %, and then 80 exactly; 99.992 %, and then all.
      #expect(try await test.track(source, 9_875, at: now) == [9_875, 12_345])
      #expect(try await !test.lastBatch(source).contains("quota_threshold_reached"))
      #expect(try await test.track(source, 1, at: now) == [1, 12_345])
      #expect(try await test.lastBatch(source) == ["request_tracked", "quota_threshold_reached"])
      #expect(try await test.track(source, 2_468, at: now) == [2_468, 12_345])
      #expect(try await !test.lastBatch(source).contains("quota_exceeded"))
      #expect(try await test.track(source, 1, at: now) == [1, 12_345])
      #expect(try await test.lastBatch(source) == ["request_tracked", "quota_exceeded"])
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func aGrantOfAQuotaEndsWithoutAnEvent() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      let grant = AccountGrant(monthlyQuota: 2_000, until: nextMonth)
      try await test.change(source, .grant(grant, because: "a trial", at: now))
      #expect(try await test.track(source, 3_000, at: now) == [2_000, 2_000])
      #expect(try await test.track(source, 3_000, at: nextMonth) == [1_000, 1_000])
      try await test.expectMetersMatchTheLog()
    }
  }

  private let now = Instant.now
  private var nextMonth: Instant { CalendarMonth(of: now).next.start }

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
        #expect(used == min(offered[source.accountID, default: 0], Tier.free.quota[mode]))
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

extension TestLog {
  fileprivate func change(_ source: TelemetrySource, _ command: Account.Command) async throws {
    let stream = StreamID(
      name: "account-\(source.accountID)", shard: shard(of: source), accountID: source.accountID)
    try await log.handle(command, by: Account.self, on: stream)
  }

  /// Sends some requests; how many were accepted, and of which quota.
  fileprivate func track(_ source: TelemetrySource, _ count: Int, at time: Instant) async throws -> [Int?] {
    let unit = AppendUnit(.sample(source, count: count, at: time))
    let outcome = try await log.append([unit], shard: shard(of: source))[0]
    return [outcome.accepted, outcome.meter?.quota]
  }

  /// The types of the events that were appended last, together.
  fileprivate func lastBatch(_ source: TelemetrySource) async throws -> [String] {
    try await owner.query(
      """
      SELECT e.type FROM log.events AS e
      JOIN (SELECT max(first_position) AS first FROM log.batches WHERE shard = \(Int32(shard(of: source)))) AS b
        ON e.position >= b.first
      WHERE e.shard = \(Int32(shard(of: source))) ORDER BY e.position
      """
    ).map { try $0.decode("type") }
  }
}

extension Tier {
  /// Events of a mode that an account may track in a month.
  fileprivate func quota(of mode: KeyMode) -> Int { mode == .live ? monthlyQuota : testQuota }
}
