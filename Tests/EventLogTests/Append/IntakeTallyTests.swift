import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// What is not accepted costs the log a batch a minute, not a batch a call, and is counted all the same.
@Suite struct IntakeTallyTests {
  private struct Written: Equatable {
    var units = 0
    var counts = IntakeTallies.Counts()
  }

  private func batches(_ test: TestLog) async throws -> Int {
    try await test.number("SELECT count(*) AS n FROM log.batches")
  }

  /// All tallies of a source in the log.
  private func written(_ test: TestLog, _ source: TelemetrySource) async throws -> Written {
    let rows = try await test.owner.query(
      "SELECT data::text AS data FROM log.events WHERE type = 'intake_tallied' AND key_id = \(source.keyID)")
    return try rows.reduce(into: Written()) { sum, row in
      let data = try JSONDecoder().decode(
        [String: Int].self, from: Data(row.decode("data", as: String.self).utf8))
      sum.units += 1
      sum.counts += IntakeTallies.Counts(
        duplicates: data["duplicates"] ?? 0, refused: data["refused"] ?? 0, invalid: data["invalid"] ?? 0,
        malformed: data["malformed"] ?? 0, outsideWindow: data["outside_window"] ?? 0,
        idConflicts: data["id_conflicts"] ?? 0, throttled: data["throttled"] ?? 0)
    }
  }

  @Test(arguments: KeyMode.allCases) func callsThatNothingIsAcceptedOfCostOneBatchAndAreAllCounted(
    mode: KeyMode
  ) async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free).with(mode)
      let shard = test.shard(of: source)
      let known = TelemetryUnit.sample(source, count: 1_000, identity: .batch(UUID(), digest: 1))
      #expect(try await test.log.append([AppendUnit(known)], shard: shard)[0].accepted == 1_000)
      var conflict = known
      conflict.identity = known.identity.map { if case .batch(let id, _) = $0 { .batch(id, digest: 2) } else { $0 } }
      var stray = TelemetryUnit.sample(source, count: 0, identity: .event(UUID(), digest: 1))
      stray.outside = [0]
      stray.repeated = 1
      var unreadable = TelemetryUnit(source: source, month: known.month)
      unreadable.malformed = 3
      let before = try await batches(test)
      for _ in 0..<40 {
        let outcomes = try await test.log.append(
          [known, conflict, stray, .sample(source, count: 2)].map(AppendUnit.init), shard: shard)
        #expect(outcomes.map(\.duplicates) == [1_000, 0, 0, 0])
        #expect(outcomes.map(\.refused) == [0, 0, 0, 2])
        #expect(outcomes.map(\.isConflict) == [false, true, false, false])
        let settled = try #require(test.log.tallies.settle([AppendUnit(unreadable)]))
        #expect(settled.map(\.accepted) == [0])
        test.log.tallies.noteThrottled(source, at: Instant.now)
      }
      #expect(try await batches(test) == before, "nothing is written with the calls")
      try await test.log.writeTallies()
      try await test.log.writeTallies()
      #expect(try await batches(test) == before + 1)
      #expect(
        try await written(test, source)
          == Written(
            units: 1,
            counts: .init(
              duplicates: 40 * 1_001, refused: 80, invalid: 40 * (1_000 + 1 + 3), malformed: 40 * 3, outsideWindow: 40,
              idConflicts: 40 * 1_000, throttled: 40)))
      let refused = try await test.number("SELECT refused AS n FROM log.meters WHERE mode = \(mode.rawValue)")
      #expect(refused == 80)
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  @Test func whatIsNotAcceptedBesideWhatIsStandsInTheSameBatchAndIsNotTalliedAgain() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      let (neighbour, shard) = (source.with(.test), test.shard(of: source))
      var partly = TelemetryUnit.sample(source, count: 1_001)
      partly.malformed = 2
      // Another call of the same key, and one of another, of which nothing is accepted.
      var unreadable = TelemetryUnit(source: neighbour, month: partly.month)
      unreadable.malformed = 5
      _ = try await test.log.append(
        [partly, .sample(source, count: 3), unreadable].map(AppendUnit.init), shard: shard)
      #expect(try await written(test, source) == Written(units: 1, counts: .init(refused: 4, invalid: 2, malformed: 2)))
      #expect(try await test.number("SELECT refused AS n FROM log.meters") == 4)
      try await test.log.writeTallies()
      #expect(try await written(test, source) == Written(units: 2, counts: .init(refused: 4, invalid: 7, malformed: 7)))
      try await test.expectMetersMatchTheLog()
    }
  }

  /// The append says why, and so does this process for what the append accepts nothing of.
  @Test(arguments: [true, false]) func whyEventsAreInvalidIsToldWhereverTheyAreTallied(isBesideOthers: Bool)
    async throws
  {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      let (shard, id) = (test.shard(of: source), UUID())
      var known = TelemetryUnit.sample(source, count: 3, identity: .batch(id, digest: 1))
      known.outside = [9]
      #expect(try await test.log.append([AppendUnit(known)], shard: shard)[0].accepted == 3)
      var changed = TelemetryUnit.sample(source, count: 5, identity: .batch(id, digest: 2))
      changed.outside = [7, 8]
      // The first was accepted while it was in time.
      var late = TelemetryUnit.sample(source, count: 0, identity: .batch(id, digest: 1))
      late.outside = [0, 9]
      (late.malformed, late.strayed, late.conflicting) = (11, 13, 17)
      let units = [changed, late] + (isBesideOthers ? [.sample(source, count: 1)] : [])
      _ = try await test.log.append(units.map(AppendUnit.init), shard: shard)
      try await test.log.writeTallies()
      let counts = IntakeTallies.Counts(
        duplicates: 1, invalid: 1 + 49, malformed: 11, outsideWindow: 1 + 16, idConflicts: 22)
      #expect(try await written(test, source) == Written(units: 2, counts: counts))
      try await test.expectTheLogHolds()
    }
  }

  @Test(arguments: KeyMode.allCases) func aServerOfTheLastReleaseWhichKeepsNoTallyLosesNone(mode: KeyMode) async throws
  {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free).with(mode)
      let (shard, full) = (test.shard(of: source), TelemetryUnit.sample(source, count: 1_000))
      #expect(try await test.log.append([AppendUnit(full)], shard: shard)[0].accepted == 1_000)
      func append(given: Int, invalid: Int) async throws {
        let control = """
          [{"account_id": "\(source.accountID)", "project_id": "\(source.projectID)", "key_id": "\(source.keyID)",
          "mode": "\(mode.rawValue)", "month": "\(full.month)", "given": \(given), "invalid": \(invalid),
          "metered": \(mode == .live)}]
          """
        try await test.owner.query("SELECT log.append(\(Int32(shard)), \(control)::text::jsonb, \(["{}"]))")
      }
      try await append(given: 3, invalid: 2)
      try await append(given: 0, invalid: 4)
      #expect(try await written(test, source) == Written(units: 2, counts: .init(refused: 3, invalid: 6)))
      #expect(try await test.number("SELECT refused AS n FROM log.meters WHERE mode = \(mode.rawValue)") == 3)
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  @Test func aTallyThatCannotBeWrittenIsKeptAndWrittenOnceLater() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      var unit = TelemetryUnit(source: source, month: "2026-11")
      unit.malformed = 9
      _ = test.log.tallies.settle([AppendUnit(unit)])
      try await test.owner.query("REVOKE EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) FROM recount_server")
      await #expect(throws: PostgresError.self) { try await test.log.writeTallies() }
      #expect(try await written(test, source) == Written())
      try await test.owner.query("GRANT EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) TO recount_server")
      for _ in 0..<2 { try await test.log.writeTallies() }
      #expect(try await written(test, source) == Written(units: 1, counts: .init(invalid: 9, malformed: 9)))
    }
  }

  @Test func aLogThatIsClosedHasWrittenWhatItTallied() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let other = try await test.another()
      other.tallies.noteThrottled(source, at: 0)
      await other.close()
      #expect(try await written(test, source) == Written(units: 1, counts: .init(throttled: 1)))
    }
  }

  @Test func oneKeyTakesThePlaceOfThreeMonthsWhateverItSends() {
    let tallies = IntakeTallies()
    let account = UUID()
    let source = TelemetrySource(accountID: account, projectID: account, keyID: UUID(), mode: .live)
    for month in 0..<5_000 {
      var unit = TelemetryUnit(source: source, month: "\(month)")
      unit.malformed = 1
      for _ in 0..<2 { _ = tallies.settle([AppendUnit(unit)]) }
    }
    tallies.noteThrottled(source.with(.test), at: 0)
    let (taken, dropped) = tallies.take()
    #expect(taken.count == IntakeTallies.monthsPerKey + 1)
    #expect(dropped == 2 * (5_000 - IntakeTallies.monthsPerKey))
    tallies.add(taken)
    #expect(tallies.take().tallies.count == taken.count)
  }

  @Test func keysBeyondTheCapacityAreLeftOutAndCountedAndTheCrowdIsTold() {
    let tallies = IntakeTallies()
    let account = UUID()
    func source() -> TelemetrySource {
      TelemetrySource(accountID: account, projectID: account, keyID: UUID(), mode: .live)
    }
    let first = source()
    for index in 0..<IntakeTallies.capacity {
      tallies.noteThrottled(index == 0 ? first : source(), at: 0)
      #expect(tallies.isCrowded == (index + 1 >= IntakeTallies.crowd))
    }
    for _ in 0..<3 { tallies.noteThrottled(source(), at: 0) }
    tallies.noteThrottled(first, at: 0)
    let (taken, dropped) = tallies.take()
    #expect(taken.count == IntakeTallies.capacity)
    #expect(dropped == 3)
    #expect(taken.first { $0.month.source == first }?.counts == .init(throttled: 2))
    #expect(!tallies.isCrowded && tallies.take().tallies.isEmpty)
  }
}
