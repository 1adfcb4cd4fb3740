import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// What never came of a sender's calls, and since when.
@Suite(.timeLimit(.whatHangs)) struct SenderTests {
  private struct Gap: Codable, Equatable {
    var first, last, noticed_at: Int64
  }

  private struct Row: Equatable {
    var sent, here, events, dropped, untold: Int64
    var gaps: [Gap]
  }

  private func catchUp(_ pool: Pool) async throws {
    try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["senders"])
  }

  private func rows(_ source: TelemetrySource, in test: TestLog, withGaps: Bool? = nil) async throws -> [UUID: Row] {
    let place: Instant? = nil
    let last: UUID? = nil
    let found = try await test.ask(
      "senders", "of_project",
      [
        Int32(test.shard(of: source)), source.projectID, source.mode.rawValue, withGaps, place, last, Int32(500),
      ])
    return try found.reduce(into: [:]) { rows, row in
      rows[try row.decode("sender_id", as: UUID.self)] = Row(
        sent: try row.decode("sent"), here: try row.decode("here"), events: try row.decode("events"),
        dropped: try row.decode("dropped"), untold: try row.decode("untold"),
        gaps: try JSONDecoder().decode([Gap].self, from: Data(row.decode("gaps", as: JSONB.self).bytes)))
    }
  }

  private func hear(_ calls: [AppendUnit], of source: TelemetrySource, in test: TestLog) async throws {
    for call in calls { _ = try await test.log.append([call], shard: test.shard(of: source)) }
  }

  /// What the log says of a sender, by going through all of it: each number once, and for each run of those that are missing when
  /// the first higher one came.
  private func model(_ sender: UUID, in test: TestLog) async throws -> Row {
    let calls = try await test.owner.query(
      """
      SELECT (data ->> 'sequence')::bigint AS sequence, (data ->> 'events')::bigint AS events,
        (data ->> 'dropped')::bigint AS dropped, (extract(epoch FROM recorded_at) * 1000000)::bigint AS at
      FROM log.events WHERE type = 'sender_heard' AND data ->> 'sender_id' = \(sender.text) ORDER BY position
      """
    ).map {
      (
        sequence: try $0.decode("sequence", as: Int64.self), events: try $0.decode("events", as: Int64.self),
        dropped: try $0.decode("dropped", as: Int64.self), at: try $0.decode("at", as: Int64.self)
      )
    }
    var events: [Int64: Int64] = [:]
    for call in calls where events[call.sequence] == nil { events[call.sequence] = call.events }
    let sent = calls.map(\.sequence).max() ?? 0
    var gaps: [Gap] = []
    for number in 1...max(1, sent) where events[number] == nil {
      if gaps.last?.last == number - 1 {
        gaps[gaps.count - 1].last = number
      } else {
        let noticed = calls.first { $0.sequence > number }?.at ?? 0
        gaps.append(Gap(first: number, last: number, noticed_at: noticed))
      }
    }
    return Row(
      sent: sent, here: Int64(events.count), events: events.values.reduce(0, +),
      dropped: calls.map(\.dropped).max() ?? 0,
      untold: 0, gaps: gaps)
  }

  @Test(arguments: 0..<4) func inWhateverOrderTheyComeWhatIsMissingIsWhatNeverCame(seed: Int) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        var random = Seeded(seed)
        let source = try await test.account()
        let senders = (0..<3).map { _ in UUID() }
        var calls = senders.flatMap { sender in
          (1...60 as ClosedRange<Int64>).map { (sender: sender, sequence: $0) }
        }
        // In order, but for those that are late, or never come, or come again.
        calls = calls.enumerated().sorted {
          $0.offset % 60 + Int($0.element.sequence * 7 % 9) < $1.offset % 60 + Int($1.element.sequence * 7 % 9)
        }.map(\.element)
        for index in calls.indices where Int.random(in: 0..<4, using: &random) == 0 {
          calls.swapAt(index, Int.random(in: calls.indices, using: &random))
        }
        calls.removeAll { _ in Int.random(in: 0..<5, using: &random) == 0 }
        for (index, call) in calls.enumerated() {
          // Ids that were forgotten: the same call is in the log a second time.
          if Int.random(in: 0..<20, using: &random) == 0 { try await test.owner.query("DELETE FROM log.event_ids") }
          let again =
            Int.random(in: 0..<8, using: &random) == 0 ? calls[Int.random(in: 0...index, using: &random)] : call
          let units = Set([again.sequence, call.sequence]).sorted().map {
            AppendUnit.heard(
              call.sender, $0, source, events: Int($0) + 1, dropped: Int64.random(in: 0...9, using: &random))
          }
          _ = try await test.log.append(units, shard: test.shard(of: source))
          if Int.random(in: 0..<12, using: &random) == 0 { try await catchUp(pool) }
        }
        try await catchUp(pool)
        let rows = try await rows(source, in: test)
        #expect(rows.count == 3)
        for sender in senders { #expect(try await rows[sender] == model(sender, in: test)) }
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func aGapThatIsFilledInPartKeepsItsTimeAndOneThatIsFilledIsNone() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account()
        let sender = UUID()
        try await hear([1, 6].map { .heard(sender, $0, source) }, of: source, in: test)
        try await catchUp(pool)
        let noticed = try #require(try await rows(source, in: test)[sender]?.gaps.first?.noticed_at)
        try await hear([.heard(sender, 4, source)], of: source, in: test)
        try await catchUp(pool)
        let gaps = [
          Gap(first: 2, last: 3, noticed_at: noticed), Gap(first: 5, last: 5, noticed_at: noticed),
        ]
        #expect(
          try await rows(source, in: test, withGaps: true)
            == [sender: Row(sent: 6, here: 3, events: 3, dropped: 0, untold: 0, gaps: gaps)])
        try await hear([3, 2, 5].map { .heard(sender, $0, source) }, of: source, in: test)
        try await catchUp(pool)
        #expect(
          try await rows(source, in: test, withGaps: false)
            == [sender: Row(sent: 6, here: 6, events: 6, dropped: 0, untold: 0, gaps: [])])
        #expect(try await rows(source, in: test, withGaps: true).isEmpty)
      }
    }
  }

  /// However many it leaves out, and wherever the cuts lie.
  @Test func aSenderThatLeavesOutEveryOtherNumberTakesNoMoreThanAHundredGaps() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account()
        let sender = UUID()
        for round in 0..<5 as Range<Int64> {
          let calls = (1...50).map { AppendUnit.heard(sender, (round * 50 + $0) * 2, source) }
          _ = try await test.log.append(calls, shard: test.shard(of: source))
          if round % 2 == 0 { try await catchUp(pool) }
        }
        try await catchUp(pool)
        var row = try #require(try await rows(source, in: test)[sender])
        #expect((row.sent, row.here, row.untold) == (500, 250, 150))
        #expect(row.gaps.map(\.first) == stride(from: 301, to: 500, by: 2).map { Int64($0) })
        // One that is not told of any more comes after all.
        try await hear([.heard(sender, 7, source)], of: source, in: test)
        try await catchUp(pool)
        row = try #require(try await rows(source, in: test)[sender])
        #expect((row.sent, row.here, row.untold, row.gaps.count) == (500, 251, 149, 100))
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  private func retain(_ source: TelemetrySource, from days: Int64, in test: TestLog) async throws {
    let stream = StreamID(
      name: "retention-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    let applied = RetentionApplied(
      accountID: source.accountID, projectID: source.projectID, before: Instant.now.toDay - .days(days), tier: .free,
      days: 7)
    try await test.log.handle(.apply(applied), by: Retention.self, on: stream)
  }

  /// Whether retention comes in a later cut than the calls, or in the same one.
  @Test(arguments: [true, false]) func aSenderNotSeenSinceDetailBeginsIsForgotten(inCuts: Bool) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account()
        var random = Seeded(1)
        let start = Instant.now - .days(30)
        let old = UUID.v7(at: start, using: &random)
        let (quiet, lasting, nameless) = (
          UUID.v7(at: start, using: &random), UUID.v7(at: start, using: &random), UUID()
        )
        let young = UUID.v7(at: .now, using: &random)
        func day(_ days: Int64, _ body: () async throws -> Void) async throws {
          try await test.recorded(at: Instant.now.toDay - .days(days)) { try await body() }
          if inCuts { try await catchUp(pool) }
        }
        try await day(25) {
          try await hear(
            [old, quiet, lasting, nameless].flatMap { [.heard($0, 1, source), .heard($0, 3, source)] }, of: source,
            in: test)
        }
        try await day(12) { try await hear([.heard(lasting, 4, source)], of: source, in: test) }
        try await day(10) { try await retain(source, from: 17, in: test) }
        // What comes back is counted from there: of a month ago nobody knows any more.
        try await day(5) {
          try await hear(
            [
              .heard(old, 9, source), .heard(old, 11, source), .heard(old, 7, source), .heard(nameless, 5, source),
              .heard(young, 3, source), .heard(lasting, 5, source),
            ], of: source, in: test)
        }
        try await catchUp(pool)
        let rows = try await rows(source, in: test)
        func counts(_ sender: UUID) -> [Int64]? { rows[sender].map { [$0.sent, $0.here] } }
        func missing(_ sender: UUID) -> [[Int64]]? { rows[sender]?.gaps.map { [$0.first, $0.last] } }
        #expect(rows[quiet] == nil)
        #expect(counts(old) == [5, 3] && missing(old) == [[8, 8], [10, 10]])
        #expect(counts(nameless) == [1, 1] && missing(nameless) == [])
        #expect(counts(young) == [3, 1] && missing(young) == [[1, 2]], "its id is younger than what was forgotten")
        #expect(counts(lasting) == [5, 4] && missing(lasting) == [[2, 2]], "it was seen since")
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        try await test.expectReplayIsClean(pool)
      }
    }
  }
}
