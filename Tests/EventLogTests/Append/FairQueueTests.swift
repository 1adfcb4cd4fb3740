import Foundation
import TestDatabase
import Testing

@testable import EventLog

/// Fair turns as a value: what may wait, and who goes next.
@Suite struct FairQueueTests {
  private struct Call: Hashable, Sendable {
    let account: Int
    let number: Int
    let events: Int
    let bytes: Int
  }

  private func take(_ queue: inout FairQueue<Int, Call>, upTo limit: Int = 4_000) -> [Call] {
    queue.take(upTo: limit) { _ in false }
  }

  private func put(_ call: Call, _ queue: inout FairQueue<Int, Call>) -> Bool {
    queue.put(call, of: call.account, bytes: call.bytes, events: call.events)
  }

  /// What there must be room for.
  private func give(_ call: Call, _ queue: inout FairQueue<Int, Call>, _ location: SourceLocation = #_sourceLocation) {
    let isTaken = put(call, &queue)
    #expect(isTaken, sourceLocation: location)
  }

  /// Random calls of random accounts, put and taken in any order.
  @Test(arguments: 0..<200) func noCallIsLostOrDoubledAndEachAccountsKeepTheirOrder(seed: Int) {
    var random = Seeded(seed)
    let room = Int.random(in: 1_000...200_000, using: &random)
    let limit = Int.random(in: 1...5_000, using: &random)
    var queue = FairQueue<Int, Call>(roomBytes: room, eventsPerTurn: Int.random(in: 1...600, using: &random))
    var (given, taken, underWay): ([Call], [Call], [Call]) = ([], [], [])
    var held = 0
    for number in 0..<1_000 {
      if Int.random(in: 0..<3, using: &random) > 0 {
        let size = Bool.random(using: &random) ? 0...3 : 0...5_000
        let call = Call(
          account: Int.random(in: 0..<6, using: &random), number: number,
          events: Int.random(in: size, using: &random), bytes: Int.random(in: 1...9_000, using: &random))
        if put(call, &queue) {
          given.append(call)
          held += call.bytes
        }
      } else {
        let append = queue.take(upTo: limit) { _ in Int.random(in: 0..<9, using: &random) == 0 }
        #expect(append.count <= 1 || append.reduce(0) { $0 + $1.events } <= limit)
        taken += append
        underWay += append
      }
      if Bool.random(using: &random), let call = underWay.popLast() {
        queue.release(bytes: call.bytes, of: call.account)
        held -= call.bytes
      }
      #expect(queue.heldBytes == held)
      #expect(queue.heldBytes <= max(room, 9_000), "only what found all empty may be larger than the room")
    }
    while !queue.isEmpty { taken += take(&queue, upTo: limit) }
    #expect(queue.waitingEvents == 0)
    #expect(taken.count == given.count && Set(taken) == Set(given))
    for account in 0..<6 {
      #expect(taken.filter { $0.account == account } == given.filter { $0.account == account })
    }
  }

  @Test func aSmallCallIsInTheNextAppendWhateverOthersHaveWaiting() {
    var queue = FairQueue<Int, Call>(roomBytes: 100_000_000)
    for number in 0..<48 {
      give(Call(account: 0, number: number, events: 5_000, bytes: 1_000_000), &queue)
    }
    _ = take(&queue)
    for number in 0..<20 {
      let small = Call(account: 1, number: number, events: 1, bytes: 200)
      give(small, &queue)
      let (first, second) = (take(&queue), take(&queue))
      #expect(first == [small] || second == [small], "after one large call at most, and never together with one")
    }
  }

  @Test func whoAsksForMoreThanTheirPartGetsAsManyEventsAsTheOthers() {
    var queue = FairQueue<Int, Call>(roomBytes: 1_000_000_000)
    // Accounts 0 to 3 have 1, 10, 500 and 5,000 events in a call, and all more waiting than is taken.
    for number in 0..<40_000 { give(Call(account: 0, number: number, events: 1, bytes: 1), &queue) }
    for number in 0..<4_000 { give(Call(account: 1, number: number, events: 10, bytes: 1), &queue) }
    for number in 0..<80 { give(Call(account: 2, number: number, events: 500, bytes: 1), &queue) }
    for number in 0..<8 { give(Call(account: 3, number: number, events: 5_000, bytes: 1), &queue) }
    var events = [0, 0, 0, 0]
    while events.reduce(0, +) < 100_000 {
      for call in take(&queue) { events[call.account] += call.events }
    }
    for count in events { #expect((19_000...31_000).contains(count), "\(events)") }
  }

  @Test func whoSendsOneLargeCallAfterAnotherGetsNoMoreThanTheOthers() {
    var queue = FairQueue<Int, Call>(roomBytes: 1_000_000_000)
    for number in 0..<1_000 {
      for account in 1...2 { give(Call(account: account, number: number, events: 250, bytes: 1), &queue) }
    }
    var events = [0, 0, 0]
    var number = 0
    while events.reduce(0, +) < 200_000 {
      // The next when the one before has been taken, as a client sends that waits for each answer.
      if events[0] == number * 4_000 {
        give(Call(account: 0, number: number, events: 4_000, bytes: 1), &queue)
        number += 1
      }
      for call in take(&queue) { events[call.account] += call.events }
    }
    #expect(events[0] < 80_000, "about a third: \(events)")
  }

  @Test func noneStarvesAmongHundreds() {
    var queue = FairQueue<Int, Call>(roomBytes: 1_000_000_000)
    for account in 0..<300 {
      for number in 0..<20 {
        give(Call(account: account, number: number, events: account == 0 ? 5_000 : 100, bytes: 1), &queue)
      }
    }
    var seen: Set<Int> = []
    var appends = 0
    while seen.count < 300 {
      appends += 1
      seen.formUnion(take(&queue).map(\.account))
    }
    // Each has its first turn before anybody has a second: 300 of 300 events, the last call of a turn whole.
    #expect(appends <= 25)
  }

  @Test func anAccountAloneFillsHalfOfTheRoomAndLeavesAsMuchToOthers() {
    var queue = FairQueue<Int, Call>(roomBytes: 1_000)
    func fill(_ account: Int) -> Int {
      (0..<100).count { put(Call(account: account, number: $0, events: 1, bytes: 10), &queue) }
    }
    #expect(fill(0) == 50)
    #expect(fill(1) == 25)
    #expect(fill(2) > 0)
    #expect(fill(0) == 0)
    #expect(queue.heldBytes <= 1_000)
    // What is taken holds its room until it is done with.
    let append = take(&queue)
    #expect(fill(0) == 0)
    for call in append { queue.release(bytes: call.bytes, of: call.account) }
    #expect(queue.heldBytes == 0)
    #expect(fill(0) == 50)
  }

  /// As where one processor takes one call at a time.
  @Test func callsSmallerThanATurnAreTakenForNoLongerThanATurn() {
    var queue = FairQueue<Int, Call>(roomBytes: 100_000_000, eventsPerTurn: 200_000)
    for number in 0..<100 { give(Call(account: 0, number: number, events: 40_000, bytes: 40_000), &queue) }
    for account in 1...2 { give(Call(account: account, number: 0, events: 40_000, bytes: 40_000), &queue) }
    let first = (0..<7).flatMap { _ in take(&queue, upTo: 0) }
    #expect(first.map(\.account) == [0, 0, 0, 0, 0, 1, 2], "a turn is five calls of 40 kB")
    for number in 1..<100 {
      for account in 1...2 { give(Call(account: account, number: number, events: 40_000, bytes: 40_000), &queue) }
    }
    let next = (0..<60).flatMap { _ in take(&queue, upTo: 0) }
    for account in 0...2 { #expect(next.count { $0.account == account } == 20) }
  }

  @Test func aTurnThatAnAppendEndedGoesOnWithWhatIsLeftOfIt() {
    var queue = FairQueue<Int, Call>(roomBytes: 1_000_000, eventsPerTurn: 250)
    for number in 0..<20 {
      for account in 0..<2 { give(Call(account: account, number: number, events: 50, bytes: 1), &queue) }
    }
    let calls = (0..<4).flatMap { _ in take(&queue, upTo: 150) }
    #expect(calls.map(\.account) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0])
  }

  @Test func whatACallTurnsOutToBeIsSettledWithItsAccountsNextTurns() {
    var queue = FairQueue<Int, Call>(roomBytes: 100_000_000, eventsPerTurn: 200_000)
    for number in 0..<200 {
      for account in 0..<2 { give(Call(account: account, number: number, events: 132_000, bytes: 1), &queue) }
    }
    var bytes = [0, 0]
    for _ in 0..<160 {
      for call in take(&queue, upTo: 0) {
        // Of account 0 each is a bomb of five megabytes.
        let real = call.account == 0 ? 5_000_000 : 132_000
        bytes[call.account] += real
        queue.settle(events: real - call.events, of: call.account)
      }
    }
    #expect(bytes[1] >= 15_000_000, "\(bytes)")
    #expect(abs(bytes[0] - bytes[1]) <= 6_000_000, "\(bytes)")
    queue.settle(events: .min / 2, of: 1)
    queue.settle(events: 1, of: 7)
    #expect(take(&queue, upTo: 0).count == 1, "who paid too much has saved up no more than a turn")
  }

  @Test func aCallThatClashesHoldsBackItsOwnAccountAlone() {
    var queue = FairQueue<Int, Call>(roomBytes: 1_000)
    for number in 0..<3 {
      for account in 0..<2 { give(Call(account: account, number: number, events: 1, bytes: 1), &queue) }
    }
    let first = queue.take(upTo: 100) { $0.account == 0 && $0.number == 1 }
    #expect(first.filter { $0.account == 0 }.map(\.number) == [0])
    #expect(first.filter { $0.account == 1 }.map(\.number) == [0, 1, 2])
    let second = take(&queue)
    #expect(second.map(\.number) == [1, 2])
  }
}
