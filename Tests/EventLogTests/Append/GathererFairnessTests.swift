import Domain
import Foundation
import Logging
import Synchronization
import TestDatabase
import Testing

@testable import EventLog

/// One tenant's flood and another's calls on the same shard, told by appends and not by the clock.
@Suite struct GathererFairnessTests {
  /// Who was in which append.
  private final class Appends: Sendable {
    private let all = Mutex<[[UUID?]]>([])
    func note(_ units: [AppendUnit]) { all.withLock { $0.append(units.map(\.account)) } }
    var count: Int { all.withLock { $0.count } }
    /// Those with units of an account.
    func places(of account: UUID) -> [Int] {
      all.withLock { all in all.indices.filter { all[$0].contains(account) } }
    }
  }

  private static func source() -> TelemetrySource {
    TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
  }

  /// A unit of so many events that holds next to nothing.
  private static func unit(_ source: TelemetrySource, events: Int) -> AppendUnit {
    var unit = TelemetryUnit.sample(source)
    unit.count = events
    unit.identity = .batch(UUID(), digest: 1)
    return AppendUnit(unit)
  }

  private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  @Test func ofTwoAccountsOneWaitsForNoMoreThanTwoAppendsWhateverTheOtherSends() async throws {
    let (aggressor, victim) = (Self.source(), Self.source())
    let (appends, gate) = (Appends(), Turnstile())
    let gatherer = Gatherer(logger: Self.logger) { units in
      appends.note(units)
      await gate.pass()
      return units.map { UnitOutcome(accepted: $0.count) }
    } flush: {
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      // The first is in flight, the others wait.
      for _ in 0..<48 { group.addTask { _ = try await gatherer.submit([Self.unit(aggressor, events: 5_000)]) } }
      while await gatherer.queue.waitingEvents < 47 * 5_000 { await Task.yield() }
      for call in 0..<10 {
        // Nothing moves while an append is held, so the call waits beside the flood.
        await gate.isHeld()
        let before = appends.count
        group.addTask { _ = try await gatherer.submit([Self.unit(victim, events: 1)]) }
        while await gatherer.queue.waitingEvents % 5_000 == 0 { await Task.yield() }
        while appends.places(of: victim.accountID).count == call { await gate.openOnce() }
        // One under way may end, one large call may have been next: without turns all 47 were.
        #expect(appends.places(of: victim.accountID)[call] - before <= 1)
        await gate.openOnce()
      }
      await gate.openForGood()
      try await group.waitForAll()
    }
    #expect(appends.places(of: aggressor.accountID).count == 48, "and none of the other's is lost")
  }

  @Test func theAccountThatFillsTheRoomIsTurnedAwayAlone() async throws {
    let (aggressor, victim) = (Self.source(), Self.source())
    let gate = Turnstile()
    var limits = Gatherer.Limits()
    limits.waitingBytes = 100_000
    let gatherer = Gatherer(limits: limits, logger: Self.logger) { units in
      await gate.pass()
      return units.map { UnitOutcome(accepted: $0.count) }
    } flush: {
    }
    let flood = (0..<1_000).map { _ in Task { try await gatherer.submit([Self.unit(aggressor, events: 1)]) } }
    await gate.isHeld()
    // Half of the room.
    while await gatherer.queue.heldBytes < 49_000 { await Task.yield() }
    let calls = (0..<20).map { _ in Task { try await gatherer.submit([Self.unit(victim, events: 1)]) } }
    await gate.openForGood()
    for call in calls { #expect(try await call.value.map(\.accepted) == [1]) }
    var turnedAway = 0
    for call in flood { do { _ = try await call.value } catch GatherError.overloaded { turnedAway += 1 } }
    #expect(turnedAway > 500)
  }
}

/// Appends wait here, to be let through one by one.
private actor Turnstile {
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func pass() async {
    guard !isOpen else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Returns when one waits.
  func isHeld() async { while waiting.isEmpty { await Task.yield() } }

  func openOnce() async {
    await isHeld()
    waiting.removeFirst().resume()
  }

  func openForGood() {
    isOpen = true
    waiting.forEach { $0.resume() }
    waiting = []
  }
}
