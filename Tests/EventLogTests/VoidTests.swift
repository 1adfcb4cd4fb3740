import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// Voids: exactly what counted is taken out, and the quota has that much room again if they give it back.
@Suite struct VoidTests {
  private static let hour = Duration.hours(1)

  /// The first millisecond of this month's tenth hour: a span around it lies within the month.
  private static var noon: Instant { CalendarMonth(of: .now).start + .hours(10) }

  private func open(_ test: TestLog, tier: Tier = .free) async throws -> (TelemetrySource, StreamID) {
    let source = try await test.account(tier: tier)
    let stream = test.projectStream(source)
    try await test.log.handle(
      .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
    return (source, stream)
  }

  private func track(_ test: TestLog, _ source: TelemetrySource, _ count: Int, at time: Instant) async throws -> Int {
    try await test.log.append([AppendUnit(.sample(source, count: count, at: time))], shard: test.shard(of: source))[0]
      .accepted
  }

  private func used(_ test: TestLog, _ source: TelemetrySource) async throws -> Int {
    try await test.number(
      "SELECT used AS n FROM log.meters WHERE account_id = \(source.accountID) AND mode = \(source.mode.rawValue)")
  }

  @Test func whatIsGivenBackFreesTheQuotaAndCrossingsStayOnceAMonth() async throws {
    try await TestLog.with { test in
      let (source, stream) = try await open(test)
      #expect(try await track(test, source, 300, at: Self.noon) == 300)
      #expect(try await track(test, source, 800, at: Self.noon + Self.hour) == 700, "up to the quota of 1,000")
      let (void, isNew) = try await Voiding(log: test.log)(
        UUID(), .init(mode: .live, from: Self.noon + Self.hour, to: Self.noon + Self.hour * 2), reason: "load test",
        givesBackQuota: true, on: stream)
      #expect(isNew)
      #expect(void.events == 700)
      #expect(try await used(test, source) == 300)
      #expect(try await track(test, source, 800, at: Self.noon) == 700, "what was voided may be used again")
      let crossings = try await test.number("SELECT count(*) AS n FROM log.events WHERE type LIKE 'quota%'")
      #expect(crossings == 2, "80 % and 100 %, once a month, whatever is voided")
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }

  /// An owner begins a void of everything, and is removed while it is being counted.
  @Test func aRightThatEndsWhileRequestsAreCountedVoidsNothing() async throws {
    struct NotAnyMore: Error {}
    try await TestLog.with { test in
      let (source, stream) = try await open(test)
      #expect(try await track(test, source, 10, at: Self.noon) == 10)
      var asked = 0
      await #expect(throws: NotAnyMore.self) {
        try await Voiding(log: test.log)(
          UUID(), .init(mode: .live, from: Self.noon, to: Self.noon + .milliseconds(1)), reason: "out of spite",
          on: stream,
          requiring: {
            asked += 1
            if asked > 1 { throw NotAnyMore() }
          })
      }
      #expect(try await test.number("SELECT count(*) AS n FROM log.voids") == 0)
    }
  }

  /// 3,000 tracked of 1,000: what owners did to their quota by voiding.
  @Test(arguments: KeyMode.allCases) func anOwnersVoidLeavesWhatTheQuotaHasUsed(mode: KeyMode) async throws {
    try await TestLog.with { test in
      let (live, stream) = try await open(test)
      let source = live.with(mode)
      #expect(try await track(test, source, 1_000, at: Self.noon) == 1_000)
      let span = Voiding.Span(mode: mode, from: Self.noon, to: Self.noon + .milliseconds(1))
      let void = try await Voiding(log: test.log)(
        UUID(), span, reason: "again", givesBackQuota: false, on: stream
      ).void
      #expect(void.events == 1_000)
      #expect(try await used(test, source) == 1_000)
      #expect(try await track(test, source, 1, at: Self.noon) == 0, "what was used stays used")
      #expect(try await Voiding(log: test.log).preview(span, on: stream).counts.isEmpty, "it left the numbers")
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }

  /// What the last release wrote means what it meant: the quota got all of it back.
  @Test(arguments: KeyMode.allCases) func aVoidOfVersion1GivesBackAsItDid(mode: KeyMode) async throws {
    try await TestLog.with { test in
      let (live, stream) = try await open(test)
      let source = live.with(mode)
      #expect(try await track(test, source, 1_000, at: Self.noon) == 1_000)
      let old = try await VoidedV1(test, source, stream: stream, from: Self.noon, events: 1_000)
      try await test.record(old, on: stream, after: 1)
      #expect(try await used(test, source) == 0)
      #expect(try await track(test, source, 4, at: Self.noon) == 4)
      let project = try await test.log.load(Project.self, from: stream).state
      #expect(project.voids.values.map(\.givesBackQuota) == [true])
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func theEndsOfASpanAreExactAndWhatComesLaterCounts() async throws {
    try await TestLog.with { test in
      let (source, stream) = try await open(test)
      for time in [
        Self.noon - .milliseconds(1), Self.noon, Self.noon + Self.hour - .milliseconds(1), Self.noon + Self.hour,
      ] {
        _ = try await track(test, source, 1, at: time)
      }
      let span = Voiding.Span(mode: .live, from: Self.noon, to: Self.noon + Self.hour)
      let voiding = Voiding(log: test.log)
      #expect(try await voiding(UUID(), span, reason: "r", givesBackQuota: true, on: stream).void.events == 2)
      // A late one into the voided span counts, until it is voided, too: the earlier void took what there was.
      _ = try await track(test, source, 5, at: Self.noon)
      #expect(try await used(test, source) == 7)
      let wider = Voiding.Span(mode: .live, from: Self.noon - .milliseconds(1), to: Self.noon + Self.hour)
      #expect(try await voiding.preview(wider, on: stream).counts.map(\.events) == [6])
      #expect(try await voiding(UUID(), wider, reason: "r", givesBackQuota: true, on: stream).void.events == 6)
      await #expect(throws: Project.Failure.nothingToVoid) {
        try await voiding(UUID(), wider, reason: "r", on: stream)
      }
      #expect(try await used(test, source) == 1)
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func aRetriedCommandIsAnsweredWithWhatItDid() async throws {
    try await TestLog.with { test in
      let (source, stream) = try await open(test)
      _ = try await track(test, source, 4, at: Self.noon)
      let id = UUID()
      let span = Voiding.Span(mode: .live, from: Self.noon, to: Self.noon + .milliseconds(1))
      let first = try await Voiding(log: test.log)(id, span, reason: "r", givesBackQuota: true, on: stream)
      _ = try await track(test, source, 3, at: Self.noon)
      let again = try await Voiding(log: test.log)(id, span, reason: "r", givesBackQuota: true, on: stream)
      #expect(again.void == first.void && !again.isNew)
      #expect(try await used(test, source) == 3)
      await #expect(throws: Project.Failure.voidIDTaken(id)) {
        try await Voiding(log: test.log)(id, span, reason: "another reason", givesBackQuota: true, on: stream)
      }
      let unasked = try await Voiding(log: test.log)(id, span, reason: "r", givesBackQuota: false, on: stream)
      #expect(unasked.void == first.void && !unasked.isNew)
      let second = UUID()
      try await Voiding(log: test.log)(second, span, reason: "r", givesBackQuota: false, on: stream)
      await #expect(throws: Project.Failure.voidIDTaken(second)) {
        try await Voiding(log: test.log)(second, span, reason: "r", givesBackQuota: true, on: stream)
      }
    }
  }

  @Test func anotherProjectsAndTestEventsAreNotTaken() async throws {
    try await TestLog.with { test in
      let (source, stream) = try await open(test)
      let other = TelemetrySource(
        accountID: source.accountID, projectID: UUID(), keyID: UUID(), mode: .live)
      let rehearsal = TelemetrySource(
        accountID: source.accountID, projectID: source.projectID, keyID: UUID(), mode: .test)
      for each in [source, other, rehearsal] { _ = try await track(test, each, 10, at: Self.noon) }
      let voiding = Voiding(log: test.log)
      let void = try await voiding(
        UUID(), .init(mode: .test, from: Self.noon, to: Self.noon + .milliseconds(1)), reason: "r",
        givesBackQuota: true, on: stream
      ).void
      #expect(
        void.counts == [
          VoidedCount(month: CalendarMonth(of: Self.noon).description, keyID: rehearsal.keyID, events: 10)
        ])
      #expect(try await used(test, source) == 20, "the live quota has nothing to do with test events")
      #expect(try await used(test, rehearsal) == 0)
      let live = try await voiding(
        UUID(), .init(mode: .live, from: Self.noon, to: Self.noon + .milliseconds(1)), reason: "r",
        givesBackQuota: true, on: stream
      ).void
      #expect(live.events == 10)
      #expect(try await used(test, source) == 10)
      try await test.expectMetersMatchTheLog()
    }
  }

  /// Telemetry flows, and two owners void overlapping spans, at once: each request is taken once or counts.
  @Test(arguments: 0..<3) func voidingBesideAppendsAndOtherVoidsTakesEachRequestOnce(seed: Int) async throws {
    try await TestLog.with { test in
      let (source, stream) = try await open(test, tier: .pro)
      let (log, noon) = (test.log, Self.noon)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lane in 0..<2 {
          group.addTask {
            for round in 0..<40 {
              let time = noon + .minutes(Int64((round * 7 + lane + seed) % 30))
              _ = try await log.append([AppendUnit(.sample(source, count: 5, at: time))], shard: stream.shard)
            }
          }
          group.addTask {
            for round in 0..<10 {
              let from = noon + .minutes(Int64((round + lane * 3 + seed) % 10) * 2)
              do {
                try await Voiding(log: log)(
                  UUID(), .init(mode: .live, from: from, to: from + .minutes(10)), reason: "r", givesBackQuota: true,
                  on: stream)
              } catch Project.Failure.nothingToVoid {
                continue
              }
            }
          }
        }
        try await group.waitForAll()
      }
      let counted = try await test.number(
        """
        SELECT count(*) AS n FROM log.events AS e
        WHERE e.type = 'request_tracked' AND NOT EXISTS (
          SELECT FROM log.voids AS v
          WHERE v.shard = e.shard AND v.project_id = e.project_id AND (e.data ->> 'timestamp')::bigint >= v."from"
            AND (e.data ->> 'timestamp')::bigint < v."to" AND e.position <= v.upto_position)
        """)
      #expect(try await used(test, source) == counted)
      #expect(try await test.number("SELECT count(*) AS n FROM log.voids") > 0)
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }

  /// Who takes requests out of the numbers without an event, or leaves an event's void out, is found.
  @Test(arguments: [
    "UPDATE log.voids SET \"to\" = \"to\" + 1", "DELETE FROM log.voids",
    """
    INSERT INTO log.voids SELECT shard, position - 1, gen_random_uuid(), project_id, mode, "from", "to", upto_position - 1
    FROM log.voids
    """,
  ]) func aChangedTableOfVoidsIsNamed(statement: String) async throws {
    try await TestLog.with { test in
      let (source, stream) = try await open(test)
      for _ in 0..<2 { _ = try await track(test, source, 4, at: Self.noon) }
      try await Voiding(log: test.log)(
        UUID(), .init(mode: .live, from: Self.noon, to: Self.noon + .milliseconds(1)), reason: "r", on: stream)
      try await test.expectTheLogHolds()
      try await test.owner.query(Query(statement))
      let report = try await Verify(pool: test.log.pool).run()
      #expect(report.faults.first?.reason.contains("log.voids") == true)
    }
  }

  @Test func theServingRoleCannotTouchTheTableOfVoids() async throws {
    try await TestLog.with { test in
      for statement in ["DELETE FROM log.voids", "UPDATE log.voids SET \"to\" = 0"] {
        await #expect { try await test.log.pool.query(Query(statement)) } throws: {
          ($0 as? PostgresError)?.sqlState == "42501"
        }
      }
    }
  }
}

extension TestLog {
  /// The stream of a source's project.
  func projectStream(_ source: TelemetrySource) -> StreamID {
    StreamID(
      name: "project-\(source.projectID.uuidString.lowercased())", shard: shard(of: source),
      accountID: source.accountID, projectID: source.projectID)
  }
}
