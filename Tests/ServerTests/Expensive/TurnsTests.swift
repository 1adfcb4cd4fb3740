import Foundation
import Testing

@testable import Application
@testable import Server

/// How many are at it.
private actor AtOnce {
  private var now = 0
  private(set) var most = 0

  func begin() {
    now += 1
    most = max(most, now)
  }

  func end() { now -= 1 }
}

@Suite struct TurnsTests {
  private func take(_ turns: Turns, _ account: UUID) -> (turn: Turns.Turn?, problem: Problem?) {
    do throws(Problem) { return (try turns.take(for: account), nil) } catch { return (nil, error) }
  }

  @Test func anAccountHasNoMoreThanItMayAndGetsThemBack() {
    let turns = Turns(of: "exports", perAccount: 2, inAll: 12)
    let account = UUID()
    var held = (0..<2).compactMap { _ in take(turns, account).turn }
    #expect(held.count == 2)
    #expect(take(turns, account).problem?.kind == .tooManyAtOnce)
    held.removeLast()
    #expect(take(turns, account).turn != nil)
  }

  @Test func theLastHalfOfThePlacesIsForAccountsThatHaveNone() {
    let turns = Turns(of: "exports", perAccount: 2, inAll: 12)
    let accounts = (0..<12).map { _ in UUID() }
    var held: [Turns.Turn] = []
    for account in accounts.prefix(6) + accounts.prefix(6) + accounts.suffix(6) {
      if let turn = take(turns, account).turn { held.append(turn) }
    }
    #expect(held.count == 12, "one each, and nobody two")
    let more = take(turns, accounts[0])
    #expect(more.problem?.kind == .overloaded)
    held.removeLast()
    #expect(take(turns, accounts[0]).problem?.kind == .tooManyAtOnce)
    #expect(take(turns, UUID()).turn != nil, "the place that is free is for another")
  }

  @Test func fewAccountsHoldNoneOfTheOthersPlaces() {
    let turns = Turns(of: "counts over the log", perAccount: 2, inAll: 16)
    let greedy = (0..<8).map { _ in UUID() }
    var held: [Turns.Turn] = []
    for _ in 0..<3 {
      for account in greedy { if let turn = take(turns, account).turn { held.append(turn) } }
    }
    let other = take(turns, UUID())
    #expect(other.turn != nil, "eight that ask all the time held all sixteen")
    #expect(held.count >= 8)
  }

  /// Fifty who look at one dashboard.
  @Test func whoeverStandsInLineIsServedInTurnAndNobodyIsRefused() async throws {
    let turns = Turns(of: "searches", perAccount: 4, inAll: 24, line: 64)
    let account = UUID()
    let atOnce = AtOnce()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          let turn = try await turns.take(for: account, waiting: .seconds(120))
          await atOnce.begin()
          await Task.yield()
          await atOnce.end()
          withExtendedLifetime(turn) {}
        }
      }
      try await group.waitForAll()
    }
    #expect(await atOnce.most <= 4)
    #expect((0..<4).compactMap { _ in take(turns, account).turn }.isEmpty == false, "all were given back")
  }

  @Test func theLineIsShortAndWhoeverWaitedTooLongIsToldSo() async throws {
    let turns = Turns(of: "searches", perAccount: 1, inAll: 24, line: 1)
    let account = UUID()
    let held = try turns.take(for: account)
    await #expect(throws: Problem.self, "the time was up") {
      try await turns.take(for: account, waiting: .milliseconds(20))
    }
    let first = Task { try await turns.take(for: account, waiting: .seconds(120)) }
    // Whoever comes when one stands there has no room; until that one does, it waits its few milliseconds.
    await #expect(throws: Problem.self) { try await turns.take(for: account, waiting: .milliseconds(1)) }
    first.cancel()
    await #expect(throws: (any Error).self, "who goes leaves the line") { try await first.value }
    withExtendedLifetime(held) {}
    #expect(take(turns, account).problem != nil, "held to here")
  }
}
