import Foundation
import Testing

@testable import Application
@testable import Server

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
}
