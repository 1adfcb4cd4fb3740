import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct MonthTests {
  @Test func idsAreKeptAsLongAsAnEventBearingThemCouldBeAccepted() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let shard = test.shard(of: source)
      let now = Instant.now
      let unit = AppendUnit(.sample(source, identity: .event(UUID(), digest: 1), at: now))
      _ = try await test.log.append([unit], shard: shard)

      // The last moment at which the event is still inside the window.
      try await test.log.turnMonths(now: now + .days(35))
      #expect(try await test.log.append([unit], shard: shard)[0].duplicates == 1)

      try await test.owner.query("UPDATE log.heads SET recorded_at = clock_timestamp() + interval '36 days'")
      try await test.log.pool.query("SELECT log.forget_ids((now() + interval '36 days')::date, -1000)")
      #expect(
        try await test.number("SELECT count(*) AS n FROM log.event_ids") == 1, "whatever the window that a caller names"
      )

      // The least that the function keeps to, whatever it is told, is written in it once more.
      let definition = try await test.owner.query("SELECT pg_get_functiondef('log.forget_ids'::regproc) AS text").first
      let least = "greatest(forget_ids.window_days, \(AcceptanceWindow.standard.behind.wholeSeconds / 86_400))"
      #expect(try definition?.decode("text", as: String.self).contains(least) == true)

      // Two months on, its id is gone, and so is any chance that the event is accepted: it is far outside the window.
      try await test.log.turnMonths(now: now + .days(70))
      #expect(
        try await test.number("SELECT count(*) AS n FROM log.event_ids") == 1, "one clock that is ahead forgets nothing"
      )
      try await test.owner.query("UPDATE log.heads SET recorded_at = clock_timestamp() + interval '70 days'")
      try await test.log.turnMonths(now: now + .days(70))
      #expect(try await test.number("SELECT count(*) AS n FROM log.event_ids") == 0)
      #expect(AcceptanceWindow.standard.miss(of: now, now: now + .days(70)) != nil)
      try await test.expectTheLogHolds()
    }
  }

  @Test func whatARetryGotInLaterIsRememberedFromThenOn() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let shard = test.shard(of: source)
      let now = Instant.now
      // One event in time, one too far ahead; months later a retry gets the second in.
      var first = TelemetryUnit.sample(source, identity: .batch(UUID(), digest: 1), at: now)
      first.outside = [1]
      _ = try await test.log.append([AppendUnit(first)], shard: shard)
      try await test.owner.query("UPDATE log.event_ids SET recorded_month = recorded_month - interval '1 month'")
      let retry = TelemetryUnit.sample(source, count: 2, identity: first.identity, at: now)
      #expect(try await test.log.append([AppendUnit(retry)], shard: shard)[0].accepted == 1)
      let moved = try await test.number(
        "SELECT count(*) AS n FROM log.event_ids WHERE recorded_month = date_trunc('month', now() AT TIME ZONE 'UTC')")
      #expect(moved == 1, "the id is kept as long as the event that came last needs it")
      #expect(try await test.log.append([AppendUnit(retry)], shard: shard)[0].duplicates == 2)
    }
  }

  @Test(arguments: ["2026-12-31T23:59:59Z", "2028-02-29T12:00:00Z", "2027-01-31T00:00:00Z"])
  func partitionsAreThereAheadOfTimeWhateverTheDay(text: String) async throws {
    try await TestLog.with { test in
      let day = try Instant.parse(text)
      try await test.log.turnMonths(now: day)
      let next = text.prefix(4)
      let count = try await test.number(
        """
        SELECT count(*) AS n FROM pg_class WHERE relname LIKE \("batches_\(next)%") AND relkind = 'r'
        """)
      #expect(count >= 1)
      // Twice is once.
      try await test.log.turnMonths(now: day)
    }
  }

  @Test func aClockThatJumpsBackDoesNotDisorderTheLog() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let shard = test.shard(of: source)
      // As if the last batch had been recorded by a clock that was an hour ahead.
      try await test.owner.query(
        "UPDATE log.heads SET recorded_at = clock_timestamp() + interval '1 hour' WHERE shard = \(Int32(shard))")
      _ = try await test.log.append([AppendUnit(.sample(source))], shard: shard)
      _ = try await test.log.append([AppendUnit(.sample(source))], shard: shard)
      try await test.expectTheLogHolds()
    }
  }

  @Test func eventsAreMeteredInTheMonthOfTheirOwnTimestamp() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      let shard = test.shard(of: source)
      let now = Instant.now
      let lastMonth = CalendarMonth(of: now).start - .milliseconds(1)
      _ = try await test.log.append([AppendUnit(.sample(source, count: 1_000, at: now))], shard: shard)
      let late = try await test.log.append([AppendUnit(.sample(source, count: 5, at: lastMonth))], shard: shard)[0]
      #expect(late.accepted == 5, "a late event uses the quota of its own month, not of this one")
      let full = try await test.log.append([AppendUnit(.sample(source, at: now))], shard: shard)[0]
      #expect(full.refused == 1)
      try await test.expectMetersMatchTheLog()
    }
  }
}
