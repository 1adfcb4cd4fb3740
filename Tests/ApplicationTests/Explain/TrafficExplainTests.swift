import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// What makes the number of a span's requests, held against a look at every event.
@Suite(.timeLimit(.whatHangs)) struct TrafficExplainTests {
  /// A request as the log has it, and the void that took it.
  private struct Recorded {
    let position: Int64
    let time: Int64
    let recordedAt: Instant
    let void: Int64?
    let voidedAt: Instant?
  }

  private static func all(_ source: TelemetrySource, on shard: Int, _ test: TestLog) async throws -> [Recorded] {
    let rows = try await test.owner.query(
      """
      WITH log AS MATERIALIZED (
        SELECT e.* FROM log.heads AS h CROSS JOIN LATERAL log.read(h.shard, 0, h.last_position) AS e
        WHERE h.shard = \(Int32(shard))
      ), tracked AS (
        SELECT e.position, (e.data -> 'timestamp')::bigint AS at, e.recorded_at FROM log AS e
        WHERE e.type = 'request_tracked' AND e.project_id = \(source.projectID) AND e.mode = \(source.mode.rawValue)
      ), taken AS (
        SELECT t.*, (
          SELECT min(v.position) FROM log.voids AS v
          WHERE v.shard = \(Int32(shard)) AND v.project_id = \(source.projectID) AND v.mode = \(source.mode.rawValue)
            AND t.at >= v."from" AND t.at < v."to" AND t.position <= v.upto_position) AS void
        FROM tracked AS t
      )
      SELECT t.*, (SELECT e.recorded_at FROM log AS e WHERE e.position = t.void) AS voided_at FROM taken AS t
      """)
    return try rows.map { row in
      Recorded(
        position: try row.decode("position"), time: try row.decode("at"), recordedAt: try row.decode("recorded_at"),
        void: try row.decode("void"), voidedAt: try row.decode("voided_at"))
    }
  }

  /// What a span is made of, added up one by one.
  private static func count(_ all: [Recorded], in range: Range<Instant>, knownAt: Instant?) -> TrafficPieces {
    var pieces = TrafficPieces()
    for one in all where range.contains(Instant(milliseconds: one.time)) {
      let isLate = knownAt.map { one.recordedAt > $0 } ?? false
      pieces.recorded += 1
      var day = pieces.days[one.recordedAt.toDay] ?? TrafficPieces.Day()
      day.recorded += 1
      day.first = min(day.first, one.position)
      day.last = max(day.last, one.position)
      if isLate { day.late += 1 }
      if one.void != nil { day.voided += 1 }
      pieces.days[one.recordedAt.toDay] = day
      if let void = one.void {
        pieces.voided += 1
        pieces.voids[void, default: 0] += 1
      } else {
        pieces.first = min(pieces.first ?? .max, one.position)
        pieces.last = max(pieces.last ?? .min, one.position)
        if isLate { pieces.late += 1 }
      }
      guard let knownAt, one.recordedAt <= knownAt else { continue }
      if let voidedAt = one.voidedAt, voidedAt <= knownAt { continue }
      pieces.then += 1
      if one.void != nil { pieces.voidedSince += 1 }
    }
    return pieces
  }

  private static func expect(
    _ questions: Questions, _ span: TrafficSpan, _ knownAt: Instant?, _ budget: RequestBudget, _ all: [Recorded]
  ) async throws -> Int {
    var (whole, calls, left) = (TrafficPieces(), 0, span.range)
    while true {
      let found = try await questions.explainTraffic(
        TrafficSpan(project: span.project, of: span.account, mode: span.mode, range: left), knownAt: knownAt,
        budget: budget)
      let (traffic, range) = (found.value.traffic, try #require(found.range))
      calls += 1
      let expected = count(
        all, in: traffic.explainedFrom..<max(traffic.explainedFrom, range.upperBound), knownAt: knownAt)
      #expect(traffic.numbers == expected, "\(span.range) \(String(describing: knownAt)) \(range)")
      #expect(found.value.voids.map(\.position) == expected.voids.keys.sorted())
      if knownAt != nil {
        #expect(expected.then - expected.voidedSince + expected.late == expected.counted)
      }
      whole.add(traffic.numbers)
      guard traffic.stop != nil else {
        #expect(traffic.explainedFrom == range.lowerBound)
        let first = range.lowerBound
        let last = span.range.isEmpty ? first : max(first, span.range.upperBound.upToQuarter)
        #expect(whole == count(all, in: first..<last, knownAt: knownAt))
        return calls
      }
      #expect(traffic.explainedFrom < left.upperBound)
      left = left.lowerBound..<traffic.explainedFrom
    }
  }

  private static func range(_ day: Instant, _ random: inout Seeded) -> Range<Instant> {
    let spans: [Duration] = [
      .days(60), .minutes(15), .hours(30), .milliseconds(Int.random(in: 0..<3_000_000_000, using: &random)),
    ]
    let to = day + .hours([9, 18, 24, 36, 90].randomElement(using: &random) ?? 9) + .minutes(15)
    return to - (spans.randomElement(using: &random) ?? .zero)..<to
  }

  @Test(arguments: 0..<3) func itIsWhatACountOverTheLogTells(seed: Int) async throws {
    try await RequestsTests.with { recounted in
      var random = Seeded(seed)
      let day = Instant.now.toDay - .days(4)
      let log = try await PastLog(recounted, seed: seed, from: day)
      var (calls, recorded, voided) = (0, Int64(0), Int64(0))
      for source in log.sources {
        let all = try await Self.all(source, on: log.shard, recounted.test)
        recorded += Int64(all.count)
        voided += Int64(all.count { $0.void != nil })
        for _ in 0..<8 {
          let span = TrafficSpan(
            project: source.projectID, of: source.accountID, mode: source.mode, range: Self.range(day, &random))
          let budget =
            [RequestBudget.explaining, RequestBudget(events: 1, rows: 1, time: .zero)].randomElement(using: &random)
            ?? .explaining
          let knownAt = Int.random(in: 0..<5, using: &random) == 0 ? nil : log.moments.randomElement(using: &random)
          calls += try await Self.expect(recounted.questions, span, knownAt, budget, all)
        }
      }
      #expect(calls > 200 && recorded > 1_000 && voided > 50)
    }
  }

  @Test func archivedMonthsAreReadThroughAndWhereTheyCannotBeIsSaid() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await RequestsTests.with { recounted in
      let day = try Instant.parse("2025-02-10T00:00:00Z")
      let log = try await PastLog(recounted, seed: 11, from: day, keepingAll: true)
      var random = Seeded(11)
      var all: [[Recorded]] = []
      for source in log.sources { all.append(try await Self.all(source, on: log.shard, recounted.test)) }
      let archive = try await recounted.archiveAll(to: folder, before: "2025-03")
      let able = try Questions(log: recounted.test.log, queries: Recounted.queries, archive: archive)
      var unreadable = 0
      for (source, all) in zip(log.sources, all) {
        let span = TrafficSpan(
          project: source.projectID, of: source.accountID, mode: source.mode, range: Self.range(day, &random))
        let knownAt = log.moments.randomElement(using: &random)
        _ = try await Self.expect(able, span, knownAt, .explaining, all)
        let without = try await recounted.questions.explainTraffic(span, knownAt: nil).value.traffic
        #expect(without.numbers == Self.count(all, in: without.explainedFrom..<span.range.upperBound, knownAt: nil))
        unreadable += without.stop == .archive ? 1 : 0
        await #expect(throws: ArchiveError.self) {
          try await recounted.questions.explainTraffic(span, knownAt: day + .hours(12))
        }
      }
      #expect(unreadable > 0, "some quarters were voided in part")
    }
  }
}
