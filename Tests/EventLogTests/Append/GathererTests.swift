import Domain
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import EventLog

@Suite struct GathererTests {
  @Test func callsThatArriveTogetherShareAnAppendAndEachGetsItsOwnAnswer() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      let shard = test.shard(of: source)
      let gatherer = Gatherer(for: test.log, shard: shard, logger: Logger(label: "test"))
      let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
        for count in 1...100 {
          group.addTask {
            let outcomes = try await gatherer.submit([AppendUnit(.sample(source, count: count))])
            return outcomes.count == 1 && outcomes[0].accepted == count
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(accepted == 100)
      #expect(try await test.number("SELECT count(*) AS n FROM log.batches WHERE shard = \(Int32(shard))") < 60)
    }
  }

  @Test func aCallWhoseAdmissionEndedWhileItWaitedIsTurnedAwayAlone() async throws {
    struct Revoked: Error {}
    let gatherer = Gatherer(logger: Logger(label: "test")) { units in
      units.map { UnitOutcome(accepted: $0.count) }
    } flush: {
    }
    func submit(_ holding: Duration, _ renew: @escaping @Sendable () async throws -> Void) async throws -> Int {
      let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
      let units = [AppendUnit(TelemetryUnit.sample(source))]
      let admission = Gatherer.Admission(holding: holding, renew: renew)
      let outcomes = try await gatherer.submit(units, admission: admission)
      return outcomes.count
    }
    async let admitted = submit(.zero) {}
    async let fresh = submit(.seconds(3_600)) { throw Revoked() }
    await #expect(throws: Revoked.self) { try await submit(.zero) { throw Revoked() } }
    #expect(try await admitted == 1)
    #expect(try await fresh == 1, "it is not looked at again before it must be")
    #expect(await gatherer.queue.heldBytes == 0)
  }

  @Test func aRetryThatOvertakesItsOriginalIsADuplicate() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let gatherer = Gatherer(for: test.log, shard: test.shard(of: source), logger: Logger(label: "test"))
      let unit = AppendUnit(.sample(source, identity: .event(UUID(), digest: 1)))
      let outcomes = try await withThrowingTaskGroup(of: UnitOutcome.self) { group in
        for _ in 0..<20 { group.addTask { try await gatherer.submit([unit])[0] } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.reduce(0) { $0 + $1.accepted } == 1)
      #expect(outcomes.reduce(0) { $0 + $1.duplicates } == 19)
    }
  }

  @Test func oneCallersBadDataCostsNoNeighbourTheirs() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let gatherer = Gatherer(for: test.log, shard: test.shard(of: source), logger: Logger(label: "test"))
      var poison = TelemetryUnit.sample(source)
      poison.data = Array(#"{"endpoint": "\u0000"}"#.utf8)
      let bad = AppendUnit(poison)
      let results = await withTaskGroup(of: Bool.self) { group in
        for index in 0..<10 {
          group.addTask {
            do {
              return try await gatherer.submit([index == 5 ? bad : AppendUnit(.sample(source))])[0].accepted == 1
            } catch GatherError.rejected { return false } catch { return index == 5 }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results.count { $0 } == 9)
      try await test.expectTheLogHolds()
    }
  }

  @Test func aFullBufferTurnsCallsAwayAtOnceAndLosesNoneItTook() async throws {
    let (started, start) = AsyncStream<Void>.makeStream()
    let (release, released) = AsyncStream<Void>.makeStream()
    var limits = Gatherer.Limits()
    limits.waitingBytes = 2_000
    let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
    let gatherer = Gatherer(limits: limits, logger: Logger(label: "test")) { units in
      start.yield()
      for await _ in release { break }
      return units.map { UnitOutcome(accepted: $0.count) }
    } flush: {
    }
    let unit = AppendUnit(.sample(source))
    let first = Task { try await gatherer.submit([unit]) }
    for await _ in started { break }
    // One append is in flight; what arrives now waits, as far as there is room.
    let waiting = (0..<20).map { _ in Task { try await gatherer.submit([unit]) } }
    var turnedAway = 0
    var taken = 0
    released.yield()
    released.finish()
    for task in waiting + [first] {
      do { taken += try await task.value[0].accepted } catch GatherError.overloaded { turnedAway += 1 }
    }
    #expect(taken + turnedAway == 21)
    #expect(turnedAway > 0)
  }

  /// Each is looked up under the head's lock, though it adds nothing to the log.
  @Test func eventsThatOnlyAskWhetherTheyAreKnownFillAnAppendToo() async throws {
    let (started, start) = AsyncStream<Int>.makeStream()
    let (release, released) = AsyncStream<Void>.makeStream()
    var limits = Gatherer.Limits()
    limits.eventsPerAppend = 10
    let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
    let gatherer = Gatherer(limits: limits, logger: Logger(label: "test")) { units in
      start.yield(units.count)
      for await _ in release { break }
      return units.map { UnitOutcome(accepted: $0.count) }
    } flush: {
    }
    let first = Task { try await gatherer.submit([AppendUnit(.sample(source))]) }
    for await _ in started { break }
    let calls = (0..<20).map { _ in
      Task {
        try await gatherer.submit(
          (0..<4).map { _ in
            var unit = TelemetryUnit.sample(source, count: 0, identity: .event(UUID(), digest: 1))
            unit.outside = [0]
            return AppendUnit(unit)
          })
      }
    }
    while await gatherer.queue.waitingEvents < 80 { await Task.yield() }
    released.finish()
    for task in calls + [first] { _ = try await task.value }
    start.finish()
    var sizes: [Int] = []
    for await size in started { sizes.append(size) }
    #expect(sizes.reduce(0, +) == 80)
    #expect(sizes.allSatisfy { $0 <= 10 }, "\(sizes)")
  }
}

extension UnitOutcome {
  init(accepted: Int) {
    self.init(position: nil, accepted: accepted, duplicates: 0, refused: 0, isConflict: false)
  }
}
