import Domain
import EventLog
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

/// That a call of a sender came in is in the log exactly once, whatever became of what it brought.
@Suite struct SenderTests {
  private struct Heard: Equatable {
    var mode = "live"
    var sequence: Int64
    var events = 1
    var dropped: Int64 = 0
  }

  private func heard(_ test: TestLog, _ sender: UUID) async throws -> [Heard] {
    try await test.owner.query(
      """
      SELECT mode, (data ->> 'sequence')::bigint AS sequence, (data ->> 'events')::integer AS events,
        (data ->> 'dropped')::bigint AS dropped
      FROM log.events WHERE type = 'sender_heard' AND data ->> 'sender_id' = \(sender.text) ORDER BY mode, 2
      """
    ).map {
      Heard(
        mode: try $0.decode("mode"), sequence: try $0.decode("sequence"), events: try $0.decode("events"),
        dropped: try $0.decode("dropped"))
    }
  }

  private func used(_ test: TestLog) async throws -> Int {
    let rows = try await test.owner.query("SELECT coalesce(sum(used), 0)::bigint AS n FROM log.meters")
    return try rows.first?.decode("n") ?? -1
  }

  @Test func aCallThatComesAgainIsHeardOnceAndTheFirstStays() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let (sender, shard) = (UUID(), test.shard(of: source))
      let batch = AppendUnit(.sample(source, count: 5, identity: .batch(UUID(), digest: 1)))
      let first = try await test.log.append([batch, .heard(sender, 1, source, events: 5)], shard: shard)
      #expect(first.map(\.accepted) == [5, 1])
      #expect(first.map(\.position).last == first[0].position.map { $0 + 5 }, "in the same batch of the log")
      // Another process, and another count: what came first stays, and it is no conflict.
      let again = try await test.another().append(
        [batch, .heard(sender, 1, source, events: 4, dropped: 9)], shard: shard)
      #expect(again.map(\.accepted) == [0, 0])
      #expect(again.map(\.duplicates) == [5, 1])
      #expect(again.map(\.isConflict) == [false, false])
      _ = try await test.log.append([.heard(sender, 2, source, events: 7, dropped: 3)], shard: shard)
      #expect(
        try await heard(test, sender)
          == [Heard(sequence: 1, events: 5), Heard(sequence: 2, events: 7, dropped: 3)])
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  @Test func itUsesNothingOfTheQuotaAndIsNoRequest() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      let (sender, shard) = (UUID(), test.shard(of: source))
      for sequence in 1...5 as ClosedRange<Int64> {
        let outcomes = try await test.log.append(
          [AppendUnit(.sample(source, count: 300)), .heard(sender, sequence, source, events: 300)], shard: shard)
        #expect(outcomes[1].accepted == 1 && outcomes[1].meter == nil)
        #expect(
          outcomes[0].accepted == [300, 300, 300, 100, 0][Int(sequence) - 1], "the quota decides of requests alone")
      }
      #expect(try await used(test) == 1_000)
      #expect(try await heard(test, sender).map(\.sequence) == [1, 2, 3, 4, 5])
      try await test.log.writeTallies()
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  /// Which is answered without an append where no sender is named.
  @Test func aCallOfWhichNothingIsTakenIsHeardAllTheSameAndTalliedOnce() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let (sender, shard) = (UUID(), test.shard(of: source))
      var unreadable = TelemetryUnit(source: source, month: CalendarMonth(of: .now).description)
      unreadable.malformed = 3
      let units = [AppendUnit(unreadable), AppendUnit.heard(sender, 1, source, events: 3)]
      #expect(test.log.tallies.settle(units) == nil, "it is the log's")
      for _ in 0..<2 {
        let outcomes = try await test.log.append(units, shard: shard)
        #expect(outcomes[0].accepted + outcomes[0].duplicates + outcomes[0].refused == 0)
      }
      #expect(try await heard(test, sender) == [Heard(sequence: 1, events: 3)])
      try await test.log.writeTallies()
      let invalid = try await test.owner.query(
        "SELECT sum((data ->> 'invalid')::integer)::integer AS n FROM log.events WHERE type = 'intake_tallied'")
      #expect(try #require(invalid.first).decode("n", as: Int.self) == 6)
    }
  }

  @Test func sendersOfAnotherProjectOrModeAreOthersAndNoEventsIDIsTakenForOne() async throws {
    try await TestLog.with { test in
      let live = try await test.account()
      let rehearsal = TelemetrySource(
        accountID: live.accountID, projectID: live.projectID, keyID: UUID(), mode: .test)
      let other = TelemetrySource(accountID: live.accountID, projectID: UUID(), keyID: UUID(), mode: .live)
      let (sender, shard) = (UUID(), test.shard(of: live))
      let units = [live, rehearsal, other].map { AppendUnit.heard(sender, 1, $0) }
      let ids = units.compactMap(\.identity)
      #expect(Set(ids.map(\.scope)).count == 3)
      #expect(try await test.log.append(units, shard: shard).map(\.accepted) == [1, 1, 1])
      // The very ids that the log knows the calls by, brought by events.
      let events = ids.map { AppendUnit(.sample(live, identity: .event($0.id, digest: 7))) }
      #expect(try await test.log.append([events[0]], shard: shard).map(\.accepted) == [1])
      #expect(try await heard(test, sender).map(\.mode) == ["live", "live", "test"])
    }
  }

  /// Promise 3: the same calls, each from several tasks of two processes at once.
  @Test func twoServersThatTakeTheSameCallsHearEachOnce() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      let (sender, shard) = (UUID(), test.shard(of: source))
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let gatherers = [
        Gatherer(for: test.log, shard: shard, logger: logger),
        Gatherer(for: try await test.another(), shard: shard, logger: logger),
      ]
      let batches = (0..<40).map { _ in UUID() }
      let accepted = try await withThrowingTaskGroup(of: [Int].self) { group in
        for round in 0..<3 {
          for (index, batch) in batches.enumerated().shuffled() {
            let units = [
              AppendUnit(.sample(source, count: 3, identity: .batch(batch, digest: 1))),
              .heard(sender, Int64(index + 1), source, events: 3),
            ]
            group.addTask { try await gatherers[(round + index) % 2].submit(units).map(\.accepted) }
          }
        }
        return try await group.reduce([0, 0]) { [$0[0] + $1[0], $0[1] + $1[1]] }
      }
      #expect(accepted == [120, 40])
      #expect(try await heard(test, sender).map(\.sequence) == Array(1...40))
      #expect(try await used(test) == 120)
      try await test.expectTheLogHolds()
    }
  }
}
