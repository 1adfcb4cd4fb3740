import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// Which positions make up a number, and what of it came late.
@Suite struct ExplainUsageTests {
  @Test(arguments: [false, true]) func lateEventsAndVoidsAreToldApartAndAddUp(givesBack: Bool) async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      let stream = test.projectStream(source)
      let shard = test.shard(of: source)
      try await test.log.handle(
        .create(id: source.projectID, accountID: source.accountID, name: "shop"), by: Project.self, on: stream)
      let other = TelemetrySource(accountID: source.accountID, projectID: UUID(), keyID: UUID(), mode: .live)
      let now = CalendarMonth(of: Instant.now).start
      let month = CalendarMonth(of: now).description
      for (each, count) in [(source, 10), (other, 5), (source, 3)] {
        _ = try await test.log.append([AppendUnit(.sample(each, count: count, at: now))], shard: shard)
      }
      // Not part of it: another month, a rehearsal, another account.
      let rehearsal = TelemetrySource(
        accountID: source.accountID, projectID: source.projectID, keyID: UUID(), mode: .test)
      _ = try await test.log.append([AppendUnit(.sample(rehearsal, count: 7, at: now))], shard: shard)
      _ = try await test.log.append([AppendUnit(.sample(source, count: 7, at: now - .milliseconds(1)))], shard: shard)
      let shownAt = try #require(
        try await test.owner.query("SELECT clock_timestamp() AS t").first
      ).decode("t", as: Instant.self)
      _ = try await test.log.append([AppendUnit(.sample(source, count: 4, at: now + .milliseconds(1)))], shard: shard)
      let void = try await Voiding(log: test.log)(
        UUID(), .init(mode: .live, from: now, to: now + .milliseconds(1)), reason: "load test",
        givesBackQuota: givesBack, on: stream
      ).void
      #expect(void.events == 13)

      let upto = try await test.number("SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(shard))")
      let told = try await ExplainUsage(pool: test.log.pool)(
        account: source.accountID, shard: shard, month: month, upto: Int64(upto), shownAt: shownAt)
      #expect([told.shown, told.late, told.voidedSince, told.calls] == [18, 4, 13, 9])
      #expect([told.givenBackSince, told.used, told.voidedAndUsed] == (givesBack ? [13, 9, 0] : [0, 22, 13]))
      #expect(
        Int64(
          try await test.number(
            "SELECT used AS n FROM log.meters WHERE account_id = \(source.accountID) AND month = \(month) AND mode = 'live'"
          ))
          == told.used)
      let part = told.of(project: source.projectID)
      #expect([part.shown, part.late, part.voidedSince, part.calls] == [13, 4, 13, 4])
      #expect(part.voided.map(\.reason) == ["load test"])
      #expect(part.voided.map(\.givesBackQuota) == [givesBack])
      let early = try #require(part.tracked.first)
      #expect(early.events == 13)
      // The account's and the project's own events stand before; the other project's five stand between.
      #expect([early.firstPosition, early.lastPosition] == [4, 21])
      let plain = try await ExplainUsage(pool: test.log.pool)(
        account: source.accountID, shard: shard, month: month, upto: Int64(upto), shownAt: nil)
      #expect([plain.calls, plain.used] == [9, givesBack ? 9 : 22])
      #expect(plain.tracked.allSatisfy { $0.isLate == nil })
      let rehearsed = try await ExplainUsage(pool: test.log.pool)(
        account: source.accountID, shard: shard, mode: .test, month: month, upto: Int64(upto), shownAt: nil)
      #expect([rehearsed.used, rehearsed.calls] == [7, 7])
    }
  }
}
