import Domain
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// Instants as PostgreSQL keeps them.
@Suite struct StoredInstantTests {
  @Test(
    arguments: [
      ("2026-11-24 10:00:00.123456+00", 1_795_514_400_123_456), ("1969-12-31 23:59:59.999999+00", -1),
      ("1970-01-01 00:00:00+00", 0), ("9999-12-31 23:59:59.999999+00", 253_402_300_799_999_999),
      ("infinity", .max), ("-infinity", .min),
    ] as [(String, Int64)])
  func aTimeComesBackToTheMicrosecond(text: String, microseconds: Int64) async throws {
    try await TestLog.with { test in
      let instant = Instant(microseconds: microseconds)
      let row = try #require(
        try await test.owner.query("SELECT \(text)::timestamptz AS read, (\(instant))::text AS written").first)
      #expect(try row.decode("read", as: Instant.self) == instant)
      #expect(try row.decode("written", as: String.self) == text)
    }
  }

  /// Recorded within one millisecond: a time between two of them finds the earlier.
  @Test func whatTheLogRecordedIsTellable() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let time = Instant(microseconds: 1_795_514_400_123_456)
      let shard = test.shard(of: source)
      try await test.owner.query("UPDATE log.batches SET recorded_at = \(time) WHERE shard = \(Int32(shard))")
      for (asked, isThere) in [(time, true), (Instant(microseconds: time.microseconds - 1), false)] {
        let rows = try await test.owner.query("SELECT position FROM log.moment(\(Int32(shard)), \(asked), NULL)")
        #expect(try (rows.first?.decode("position", as: Int64.self) ?? 0 > 0) == isThere)
      }
    }
  }
}
