import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

@Suite(.timeLimit(.whatHangs)) struct RememberedTrafficTests {
  /// Who remembers nothing, asked beside who remembers all, while requests come, late ones too, some are voided and detail goes.
  @Test(arguments: 0..<3) func nobodyIsToldAnythingThatIsNoMore(seed: Int) async throws {
    try await Recounted.with { recounted in
      var random = Seeded(seed)
      let source = try await recounted.test.account(tier: .business)
      let stream = try await project(source, recounted)
      let start = Instant.now.toDay - .days(6)
      let spans = (0..<4).map { _ in
        let bounds = (0..<2).map { _ in start + .minutes(.random(in: 0...5 * 1_440, using: &random)) }.sorted()
        return TrafficSpan(
          project: source.projectID, of: source.accountID, mode: .live, range: bounds[0]..<bounds[1] + .minutes(20))
      }
      for step in 0..<14 {
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where step > 2:
          let from = start + .hours(.random(in: 0..<100, using: &random))
          try await Voiding(log: recounted.test.log)(
            UUID(), .init(mode: .live, from: from, to: from + .hours(5)), reason: "a load test", on: stream)
        case 1 where step > 6: try await recounted.retain(source, from: start + .days(Int64(step - 6) / 2))
        default:
          let some = (0..<40).map { _ in
            Sent(
              time: start + .milliseconds(.random(in: 0..<5 * 86_400_000, using: &random)),
              endpoint: "/p\(Int.random(in: 0..<4, using: &random))")
          }
          try await recounted.send(some, source)
        }
        try await recounted.catchUp(only: ["traffic"])
        for span in spans { try await expectTheSame(span, recounted) }
      }
    }
  }

  private func expectTheSame(_ span: TrafficSpan, _ recounted: Recounted) async throws {
    let fresh = try Questions(log: recounted.test.log, queries: Recounted.queries)
    for _ in 0..<2 {
      #expect(try await recounted.questions.trafficSummary(span) == (try await fresh.trafficSummary(span)))
      #expect(
        try await recounted.questions.trafficChart(span, by: .hour, in: .utc)
          == (try await fresh.trafficChart(span, by: .hour, in: .utc)))
      let page = try await recounted.questions.endpoints(span, limit: 2)
      let expected = try await fresh.endpoints(span, limit: 2)
      #expect(page.value.entries == expected.value.entries && page.value.next == expected.value.next)
      #expect(page.version == expected.version && page.range == expected.range)
    }
  }

  /// Rows that were taken away behind its back show that it does not look at them again until something is counted.
  @Test func whatDidNotChangeIsNotMadeAgain() async throws {
    try await Recounted.with { recounted in
      let source = try await recounted.test.account(tier: .business)
      let day = Instant.now.toDay - .days(2)
      try await recounted.send((0..<9).map { Sent(time: day + .minutes(Int64($0))) }, source)
      try await recounted.catchUp(only: ["traffic"])
      let span = TrafficSpan(
        project: source.projectID, of: source.accountID, mode: .live, range: day..<day + .days(1))
      let first = try await recounted.questions.trafficSummary(span)
      try await recounted.test.owner.query("DELETE FROM traffic.endpoints")
      let other = try await recounted.test.account(tier: .business)
      try await recounted.send([Sent(time: day)], other)
      try await recounted.catchUp(only: ["traffic"])
      let second = try await recounted.questions.trafficSummary(span)
      #expect(second.value == first.value && second.version == first.version)
      #expect(second.value.topEndpoints.first?.template == "/a")
      try await recounted.send([Sent(time: day, endpoint: "/b")], source)
      try await recounted.catchUp(only: ["traffic"])
      let third = try await recounted.questions.trafficSummary(span)
      #expect(third.value.numbers.calls == 10 && third.version != first.version)
    }
  }

  private func project(_ source: TelemetrySource, _ recounted: Recounted) async throws -> StreamID {
    let stream = StreamID(
      name: "project-\(source.projectID)", shard: recounted.test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    try await recounted.test.log.handle(
      .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
    return stream
  }
}
