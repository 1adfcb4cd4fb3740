import EventLog
import Foundation
import Synchronization
import TestDatabase
import Testing

@testable import Application
@testable import Server

@Suite(.timeLimit(.whatHangs)) struct LargeCallsTests {
  private static let bytes = 900_000

  /// Whose turns there were.
  private final class Order: Sendable {
    private let all = Mutex<[UUID]>([])
    var found: [UUID] { all.withLock { $0 } }
    func note(_ account: UUID) { all.withLock { $0.append(account) } }
  }

  /// Large calls have one processor, and somebody has it until the test lets it go.
  private func occupied() async -> (calls: LargeCalls, release: () -> Void) {
    let calls = LargeCalls(processors: 2)
    let somebody = UUID()
    let isIn = await calls.enter(bytes: Self.bytes, of: .account(somebody))
    #expect(isIn)
    return (calls, { calls.leave(bytes: Self.bytes, of: .account(somebody)) })
  }

  @Test func aSmallCallPassesBy() async throws {
    let (calls, release) = await occupied()
    #expect(try await calls.take(bytes: 500, of: .account(UUID())) { 7 } == 7)
    release()
  }

  @Test func theirTurnsAreFairAndEachIsTaken() async throws {
    let (calls, release) = await occupied()
    let (aggressor, victim) = (UUID(), UUID())
    let order = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask {
          try await calls.take(bytes: Self.bytes, of: .account(aggressor)) { order.note(aggressor) }
        }
      }
      while calls.waitingBytes < 40 * Self.bytes { await Task.yield() }
      group.addTask { try await calls.take(bytes: Self.bytes, of: .account(victim)) { order.note(victim) } }
      while calls.waitingBytes < 41 * Self.bytes { await Task.yield() }
      release()
      try await group.waitForAll()
    }
    let found = order.found
    #expect(found.count == 41)
    #expect(try #require(found.firstIndex(of: victim)) <= 1, "without turns all 40 came before")
  }

  @Test func whoSendsManySmallerOnesWaitsBehindHimselfToo() async throws {
    let (calls, release) = await occupied()
    let (aggressor, victims) = (UUID(), [UUID(), UUID()])
    let order = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask { try await calls.take(bytes: 40_000, of: .account(aggressor)) { order.note(aggressor) } }
      }
      while calls.waitingBytes < 100 * 40_000 { await Task.yield() }
      for victim in victims {
        group.addTask { try await calls.take(bytes: 40_000, of: .account(victim)) { order.note(victim) } }
      }
      while calls.waitingBytes < 102 * 40_000 { await Task.yield() }
      release()
      try await group.waitForAll()
    }
    for victim in victims { #expect(try #require(order.found.firstIndex(of: victim)) <= 6, "a turn is 200 kB") }
  }

  @Test func aBombCostsItsAccountWhatItHeld() async throws {
    let (calls, release) = await occupied()
    let (bomber, victim) = (UUID(), UUID())
    let order = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try await calls.take(bytes: 132_000, of: .account(bomber)) { real in
            real = 5_000_000
            order.note(bomber)
          }
        }
        group.addTask { try await calls.take(bytes: 132_000, of: .account(victim)) { order.note(victim) } }
      }
      while calls.waitingBytes < 40 * 132_000 { await Task.yield() }
      release()
      try await group.waitForAll()
    }
    #expect(order.found.prefix(22).count { $0 == bomber } <= 2, "one of 5 MB, or the first of two turns")
  }

  @Test func whoHasNoKeyIsNotInTheWayOfOthersWithoutOne() async throws {
    let (calls, release) = await occupied()
    let (aggressor, victim) = (UUID(), UUID())
    let (here, there) = (AddressKey([192, 0, 2, 1]), AddressKey([192, 0, 2, 2]))
    let order = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask { try await calls.take(bytes: Self.bytes, of: .stranger(here)) { order.note(aggressor) } }
      }
      while calls.waitingBytes < 40 * Self.bytes { await Task.yield() }
      group.addTask { try await calls.take(bytes: Self.bytes, of: .stranger(there)) { order.note(victim) } }
      while calls.waitingBytes < 41 * Self.bytes { await Task.yield() }
      release()
      try await group.waitForAll()
    }
    #expect(try #require(order.found.firstIndex(of: victim)) <= 1)
  }

  @Test func whoFillsTheRoomIsTurnedAwayAlone() async throws {
    let (calls, release) = await occupied()
    let (aggressor, victim) = (UUID(), UUID())
    let flood = (0..<200).map { _ in Task { try await calls.take(bytes: Self.bytes, of: .account(aggressor)) {} } }
    // Half of 128 MB.
    while calls.waitingBytes < 65_000_000 { await Task.yield() }
    let call = Task { try await calls.take(bytes: Self.bytes, of: .account(victim)) { true } }
    while calls.waitingBytes < 65_000_000 + Self.bytes { await Task.yield() }
    release()
    #expect(try await call.value)
    var turnedAway = 0
    for call in flood { do { try await call.value } catch GatherError.overloaded { turnedAway += 1 } }
    #expect(turnedAway > 100)
  }

  @Test func workThatThrowsGivesItsTurnBack() async throws {
    struct Failure: Error {}
    let calls = LargeCalls(processors: 1)
    for _ in 0..<20 {
      await #expect(throws: Failure.self) {
        try await calls.take(bytes: Self.bytes, of: .stranger(nil)) { throw Failure() }
      }
    }
    #expect(try await calls.take(bytes: Self.bytes, of: .stranger(nil)) { true })
  }
}
