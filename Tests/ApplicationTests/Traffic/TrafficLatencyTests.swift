import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application

@Suite(.timeLimit(.whatHangs)) struct TrafficLatencyTests {
  /// A random log over the week in which Europe's clocks are set, random spans, zones and units, against a count over what was sent.
  @Test(arguments: 0..<3) func everyBucketHoldsTheTimesBetweenItsBounds(seed: Int) async throws {
    try await Recounted.with { recounted in
      var random = Seeded(seed)
      let source = try await recounted.test.account(tier: .business)
      let start = Instant.now.toDay - .days(20)
      var sent: [Sent] = []
      for _ in 0..<4 {
        let some = (0..<250).map { _ in
          let scale = Int64(1) << Int64.random(in: 10...41, using: &random)
          return Sent(
            time: start + .milliseconds(Int64.random(in: 0..<9 * 86_400_000, using: &random)),
            nanoseconds: Int.random(in: 0..<4, using: &random) == 0 ? nil : .random(in: 0...scale, using: &random))
        }
        sent += some
        try await recounted.send(some, source)
        if Bool.random(using: &random) { try await recounted.catchUp(only: ["traffic"]) }
      }
      try await recounted.catchUp(only: ["traffic"])
      for _ in 0..<20 {
        let quarters = (0..<2).map { _ in Int64.random(in: 0...9 * 96, using: &random) }.sorted()
        let range = start + .minutes(15 * quarters[0])..<start + .minutes(15 * quarters[1])
        let span = TrafficSpan(project: source.projectID, of: source.accountID, mode: .live, range: range)
        try await expect(span, of: sent.filter { range.contains($0.time) }, recounted, &random)
      }
    }
  }

  private func expect(
    _ span: TrafficSpan, of sent: [Sent], _ recounted: Recounted, _ random: inout Seeded
  ) async throws {
    let unit = LocalCalendar.Unit.allCases.randomElement(using: &random) ?? .day
    let name = ["UTC", "Asia/Kolkata", "Europe/Berlin", "America/St_Johns"].randomElement(using: &random) ?? "UTC"
    let calendar = LocalCalendar(try #require(TimeZone(identifier: name)))
    let found = try await recounted.questions.trafficLatency(span, by: unit, in: calendar)
    #expect(found.range == span.range)
    let expected = Dictionary(grouping: sent) { calendar.interval(unit, holding: $0.time).lowerBound }
    for point in found.value.points {
      let times = (expected[point.time] ?? []).compactMap(\.nanoseconds)
      try expect(point.numbers, of: times, "\(unit) \(name) \(point.time)")
    }
    #expect(Set(expected.keys).isSubset(of: found.value.points.map(\.time)))
    let times = sent.compactMap(\.nanoseconds)
    try expect(found.value.numbers, of: times, "\(span.range)")
    try expectShares(found.value.numbers, of: times.sorted(), &random)
  }

  private func expect(_ numbers: TrafficNumbers, of times: [Int64], _ comment: Comment) throws {
    var end = Decimal(-1)
    var counted = 0 as Int64
    for bucket in numbers.buckets {
      let lower = try #require(Decimal(string: bucket.lower)) * 1_000_000
      let upper = try #require(bucket.upper.flatMap { Decimal(string: $0) }) * 1_000_000
      #expect(lower >= end && lower < upper && bucket.calls > 0, comment)
      #expect(times.count { Decimal($0) >= lower && Decimal($0) < upper } == bucket.calls, comment)
      end = upper
      counted += bucket.calls
    }
    #expect(counted == times.count && numbers.timedCalls == times.count, comment)
  }

  private func expectShares(_ numbers: TrafficNumbers, of times: [Int64], _ random: inout Seeded) throws {
    for _ in 0..<4 {
      let thousandths = Int64.random(in: 0...100_000, using: &random)
      let shown = numbers.percentile(try #require(Percentile(thousandths: thousandths)))
      guard !times.isEmpty else {
        #expect(shown == nil)
        continue
      }
      let rank = max(1, (times.count * Int(thousandths) + 99_999) / 100_000)
      let (exact, found) = (Double(times[rank - 1]), try #require(shown.flatMap(Double.init)) * 1_000_000)
      #expect(abs(found - exact) <= max(exact * 0.0251, 10_001), "\(thousandths): \(exact) \(found)")
    }
    let threshold = Int64(1) << Int64.random(in: 14...41, using: &random)
    let apdex = numbers.apdex(threshold: threshold)
    #expect(apdex.samples == times.count)
    let bounds = [1 / 1.0248, 1.0248].map { stretch in times.count { Double($0) <= Double(threshold) * stretch } }
    #expect((bounds[0]...bounds[1]).contains(Int(apdex.satisfied)))
  }
}
