import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Berlin's clocks were set on 2026-03-29, at 2:00, and on 2026-10-25, at 3:00.
@Suite struct SpanComparisonTests {
  private static func berlin() throws -> LocalCalendar {
    LocalCalendar(try #require(TimeZone(identifier: "Europe/Berlin")))
  }

  private func span(_ from: String, _ to: String) throws -> Range<Instant> {
    try Instant.parse(from)..<Instant.parse(to)
  }

  @Test func thePreviousSpanEndsWhereTheSpanBeginsAndIsAsLong() throws {
    let other = SpanComparison.previous.other(than: try span("2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z"))
    #expect(other == (try span("2026-01-30T00:00:00Z", "2026-03-01T00:00:00Z")))
  }

  /// Local times are kept: 23 hours are compared with 24, 25 with 24, a week of 169 hours with one of 168.
  @Test(arguments: [
    ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-21T23:00:00Z", "2026-03-22T23:00:00Z"),
    ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-17T22:00:00Z", "2026-10-18T22:00:00Z"),
    ("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-11T22:00:00Z", "2026-10-18T22:00:00Z"),
    ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", "2026-09-26T22:00:00Z", "2026-10-26T23:00:00Z"),
    ("2026-11-10T12:00:00Z", "2026-11-10T12:15:00Z", "2026-11-03T12:00:00Z", "2026-11-03T12:15:00Z"),
  ])
  func weekdaysAreComparedAtTheSameLocalTimes(from: String, to: String, otherFrom: String, otherTo: String) throws {
    let other = SpanComparison.weekday(try Self.berlin()).other(than: try span(from, to))
    #expect(other == (try span(otherFrom, otherTo)))
  }

  @Test func nothingIsComparedWithWhatLiesBeforeAllTimes() throws {
    let all = Era.instants.lowerBound..<Era.instants.upperBound
    for comparison in [SpanComparison.previous, .weekday(try Self.berlin())] {
      #expect(comparison.other(than: all).lowerBound >= Era.instants.lowerBound)
    }
    #expect(SpanComparison.previous.other(than: all).isEmpty)
  }

  @Test func anHourThatTheClocksLeaveOutOrShowTwiceStandsBesideNoneOrTheFirst() throws {
    let comparison = SpanComparison.weekday(try Self.berlin())
    let short = try span("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
    let pairs = comparison.pairs(of: short, by: .hour, in: try Self.berlin())
    #expect(pairs.count == 23)
    #expect(pairs[try .parse("2026-03-22T00:00:00Z")] == (try .parse("2026-03-29T00:00:00Z")), "1:00 of both")
    #expect(pairs[try .parse("2026-03-22T01:00:00Z")] == nil, "2:00, which was left out")
    #expect(pairs[try .parse("2026-03-22T02:00:00Z")] == (try .parse("2026-03-29T01:00:00Z")), "3:00 of both")
    let long = try span("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
    let others = comparison.pairs(of: long, by: .hour, in: try Self.berlin())
    #expect(others.count == 24)
    #expect(others[try .parse("2026-10-18T01:00:00Z")] == (try .parse("2026-10-25T02:00:00Z")), "3:00 of both")
    #expect(Set(others.values).count == 24)
  }

  @Test func intervalsOfOtherSpansStandBesideEachOtherByTheirPlace() throws {
    let span = try span("2026-11-10T00:00:00Z", "2026-11-12T00:00:00Z")
    let other = SpanComparison.span(try self.span("2025-01-01T00:00:00Z", "2025-01-04T00:00:00Z"))
    let pairs = other.pairs(of: span, by: .day, in: .utc)
    #expect(pairs.count == 2)
    #expect(pairs[try .parse("2025-01-02T00:00:00Z")] == (try .parse("2026-11-11T00:00:00Z")))
  }
}
