import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application

/// What happened to a project in a span, of three read models.
@Suite(.timeLimit(.whatHangs)) struct MarksTests {
  private func opened(_ recounted: Recounted) async throws -> (source: TelemetrySource, stream: StreamID) {
    let (account, project, _, _) = try await recounted.open(.free)
    let source = TelemetrySource(accountID: account, projectID: project, keyID: UUID(), mode: .live)
    return (source, .project(project, of: account, shard: recounted.test.shard(of: source)))
  }

  private func marks(
    _ source: TelemetrySource, mode: KeyMode = .live, _ range: Range<Instant>, _ recounted: Recounted
  ) async throws -> Marks {
    try await recounted.questions.marks(
      TrafficSpan(project: source.projectID, of: source.accountID, mode: mode, range: range)
    ).value
  }

  @Test func aSpanIsMarkedWithAllThatTheLogKnowsOfIt() async throws {
    try await Recounted.with { recounted in
      let (source, stream) = try await opened(recounted)
      let now = Instant.now.toMillisecond
      var sent = [Sent](repeating: Sent(time: now), count: 1_000)
      for index in sent.indices { sent[index].release = index < 3 ? "2.4.0" : nil }
      try await recounted.send(sent, source)
      let note = UUID()
      try await recounted.test.log.handle(
        .annotate(Project.AnnotationRequest(id: note, at: now - .hours(3), until: now - .hours(2), text: "a sale")),
        by: Project.self, on: stream)
      let void = UUID()
      try await Voiding(log: recounted.test.log)(
        void, .init(mode: .live, from: now, to: now + .milliseconds(1)), reason: "load test", on: stream)
      try await recounted.test.log.handle(
        .changeTier(.pro, because: .operator, at: now), by: Account.self,
        on: .account(source.accountID, shard: stream.shard))
      try await recounted.catchUp()

      let all = try await marks(source, now - .days(1)..<now + .days(1), recounted)
      #expect(all.isWhole)
      let whats = all.marks.map(\.what)
      #expect(whats.first == .annotation(id: note, text: "a sale"))
      #expect(all.marks.first?.at == now - .hours(3) && all.marks.first?.until == now - .hours(2))
      #expect(whats.contains(.quotaCrossed(.thresholdReached, quota: 1_000)))
      #expect(whats.contains(.quotaCrossed(.exceeded, quota: 1_000)))
      #expect(whats.contains(.tierChanged(.pro)))
      #expect(whats.contains(.voided(id: void, events: 1_000, reason: "load test")))
      #expect(!whats.contains(.releaseSeen("2.4.0")), "all of its requests are voided")
      #expect(all.marks.map(\.at) == all.marks.map(\.at).sorted())
      // What stays where a part of the annotation lies in the span, and nothing else.
      let before = try await marks(source, now - .days(1)..<now - .hours(2) - .minutes(30), recounted)
      #expect(before.marks.map(\.what) == [.annotation(id: note, text: "a sale")])
      #expect(try await marks(source, now - .hours(2)..<now - .hours(1), recounted).marks.isEmpty)
      let rehearsal = try await marks(source, mode: .test, now - .days(1)..<now + .days(1), recounted)
      #expect(rehearsal.marks.map(\.what) == [.annotation(id: note, text: "a sale"), .tierChanged(.pro)])
    }
  }

  @Test func aTierIsShownToWhoeverMaySeeTheAccountAlone() {
    let marks = Marks(
      marks: [
        Mark(at: 0, until: nil, what: .tierChanged(.pro)),
        Mark(at: 1, until: nil, what: .voided(id: UUID(), events: 1, reason: "load test")),
      ], isWhole: true)
    #expect(marks.seen { $0 == .readNumbers }.marks.map(\.action) == [.readNumbers])
    #expect(marks.seen { $0 == .readAccount }.marks.map(\.action) == [.readAccount])
    for role in Account.Role.allCases {
      let seen = marks.seen { Permissions.allows(role, $0) }.marks
      #expect(seen.allSatisfy { Permissions.allows(role, $0.action) })
    }
  }

  /// Random logs and spans against what was sent.
  @Test(arguments: 0..<3) func aReleaseIsMarkedWhereItWasFirstSeen(seed: Int) async throws {
    try await Recounted.with { recounted in
      var random = Seeded(seed)
      let source = try await recounted.test.account(tier: .business)
      let start = Instant.now.toDay - .days(20)
      let sent = (0..<300).map { _ in
        let minute = Int64.random(in: 0..<9 * 1_440, using: &random)
        var one = Sent(time: start + .minutes(minute))
        let newest = Int(minute / 1_000)
        one.release = [nil, "r\(newest)", "r\(max(0, newest - 1))"].randomElement(using: &random) ?? nil
        return one
      }
      try await recounted.send(sent, source)
      let detail = seed == 0 ? nil : start + .days(Int64(seed))
      if let detail { try await recounted.retain(source, from: detail) }
      try await recounted.catchUp(only: ["traffic", "usage", "notes"])
      let kept = sent.filter { $0.time >= detail ?? .distantPast }
      let first = Dictionary(grouping: kept.filter { $0.release != nil }) { $0.release ?? "" }
        .compactMapValues { $0.map(\.time).min()?.toQuarter }
      for _ in 0..<20 {
        let from = start + .minutes(15 * Int64.random(in: -100..<900, using: &random))
        let range = from..<from + .minutes(15 * Int64.random(in: 1..<600, using: &random))
        let found = try await marks(source, range, recounted).marks
        let expected = first.filter { _, seen in
          range.contains(seen) && detail.map { seen >= $0 + .days(1) } ?? true
        }
        #expect(found.count == expected.count)
        for mark in found {
          guard case .releaseSeen(let release) = mark.what else { continue }
          #expect(expected[release] == mark.at, "\(release)")
        }
      }
    }
  }

  @Test func moreThanAHundredOfAKindIsNotAll() async throws {
    try await Recounted.with { recounted in
      let (source, stream) = try await opened(recounted)
      let now = Instant.now.toMillisecond
      for index in 0..<101 {
        try await recounted.test.log.handle(
          .annotate(
            Project.AnnotationRequest(id: UUID(), at: now - .minutes(Int64(index)), until: nil, text: "\(index)")),
          by: Project.self, on: stream)
      }
      try await recounted.catchUp()
      let found = try await marks(source, now - .days(1)..<now + .days(1), recounted)
      #expect(found.marks.count == 100 && !found.isWhole)
      #expect(found.marks.last?.at == now && found.marks.first?.at == now - .minutes(99), "the latest stay")
    }
  }
}
