import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application

@Suite(.timeLimit(.whatHangs)) struct ReleaseEndpointsTests {
  private func ask(
    _ release: String, _ source: TelemetrySource, window: Duration = .hours(24), after rank: TrafficRank? = nil,
    limit: Int = 50, _ recounted: Recounted
  ) async throws -> Answered<ReleaseEndpoints?> {
    try await recounted.questions.endpoints(
      ofRelease: release, project: source.projectID, of: source.accountID, mode: source.mode, window: window,
      after: rank, limit: limit)
  }

  /// Random logs, releases and windows, page by page, against a count over what was sent.
  @Test(arguments: 0..<3) func eachEndpointIsCountedBeforeAndAfterTheReleaseWasFirstSeen(seed: Int) async throws {
    try await Recounted.with { recounted in
      var random = Seeded(seed)
      let source = try await recounted.test.account(tier: .business)
      let start = Instant.now.toDay - .days(20)
      let sent = (0..<800).map { _ in
        let minute = Int64.random(in: 0..<9 * 1_440, using: &random)
        var one = Sent(
          time: start + .minutes(minute), endpoint: "/p\(Int.random(in: 0..<6, using: &random))",
          status: [200, 404, 500].randomElement(using: &random) ?? 200,
          nanoseconds: .random(in: 0...9_000_000_000, using: &random))
        // Releases come one after another, overlap, and are not always named.
        let newest = Int(minute / 2_880)
        one.release = [nil, "r\(newest)", "r\(max(0, newest - 1))"].randomElement(using: &random) ?? nil
        return one
      }
      try await recounted.send(sent, source)
      try await recounted.catchUp(only: ["traffic"])
      for release in Set(sent.compactMap(\.release)) {
        for _ in 0..<3 {
          let hours = Int64.random(in: 1...100, using: &random)
          try await expect(release, source, hours, of: sent, recounted)
        }
      }
    }
  }

  private func expect(
    _ release: String, _ source: TelemetrySource, _ hours: Int64, of sent: [Sent], _ recounted: Recounted
  ) async throws {
    let seen = try #require(sent.filter { $0.release == release }.map(\.time).min()).toQuarter
    var found: [String: [Int]] = [:]
    var totals: [Int] = []
    var rank: TrafficRank?
    repeat {
      let answer = try await ask(release, source, window: .hours(hours), after: rank, limit: 4, recounted)
      let endpoints = try #require(answer.value)
      #expect(endpoints.firstSeen == seen && answer.range == seen - .hours(hours)..<seen + .hours(hours))
      for entry in endpoints.page.entries {
        let (before, after) = (entry.before, entry.after)
        found[entry.template ?? ""] = [before.calls, before.errors5xx, after.calls, after.errors5xx].map(Int.init)
        totals.append(Int(before.calls + after.calls))
      }
      rank = endpoints.page.next
    } while rank != nil
    #expect(totals == totals.sorted(by: >))
    let within = sent.filter { $0.time >= seen - .hours(hours) && $0.time < seen + .hours(hours) }
    let expected = Dictionary(grouping: within, by: \.endpoint).mapValues { sent in
      let (before, after) = (sent.filter { $0.time < seen }, sent.filter { $0.time >= seen })
      return [before.count, before.count { $0.status == 500 }, after.count, after.count { $0.status == 500 }]
    }
    #expect(found == expected, "\(release) \(hours) h")
  }

  @Test func whatIsBeforeTheDetailThatIsKeptIsNeitherSeenNorCompared() async throws {
    try await Recounted.with { recounted in
      let source = try await recounted.test.account(tier: .business)
      let day = Instant.now.toDay - .days(10)
      let seen: [(days: Int64, release: String)] = [(0, "1.0"), (1, "1.0"), (2, "1.1"), (3, "1.1")]
      let sent = seen.map { days, release in
        var one = Sent(time: day + .days(days) + .hours(1))
        one.release = release
        return one
      }
      try await recounted.send(sent, source)
      try await recounted.retain(source, from: day + .days(2))
      try await recounted.catchUp(only: ["traffic"])
      #expect(try await ask("1.0", source, recounted).value == nil)
      #expect(try await ask("1.2", source, recounted).value == nil)
      let found = try await ask("1.1", source, window: .hours(48), recounted)
      #expect(found.range == day + .days(2)..<day + .days(4) + .hours(1), "the window before begins where detail does")
      #expect(found.detailFrom == day + .days(2))
      let entry = try #require(found.value?.page.entries.first)
      #expect([entry.before.calls, entry.after.calls] == [0, 2])
    }
  }
}
