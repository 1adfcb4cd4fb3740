import Foundation
import TestDatabase
import Testing

@testable import Domain

@Suite struct InstantTests {
  @Test func millisecondsAreRoundedDownBefore1970Too() {
    for (microseconds, milliseconds) in [(1_999, 1), (0, 0), (-1, -1), (-1_000, -1), (-1_001, -2)] as [(Int64, Int64)] {
      #expect(Instant(microseconds: microseconds).milliseconds == milliseconds)
    }
    #expect(Instant(microseconds: -1).seconds == -1)
    #expect(Instant(microseconds: -1).toDay == Instant("1969-12-31T00:00:00Z"))
    #expect(Instant(microseconds: 119_999_999).toMinute == 60_000)
  }

  @Test func whatLiesBeyondAnEndIsThatEnd() {
    #expect(Instant(milliseconds: .max) == .distantFuture)
    #expect(Instant(milliseconds: .min) == .distantPast)
    #expect(Instant.distantFuture + .seconds(Int64.max) == .distantFuture)
    #expect(Instant.distantPast - .microseconds(1) == .distantPast)
    #expect(Instant.distantPast + .seconds(Int64.min) == .distantPast)
    #expect(Instant.distantFuture - .distantPast == .microseconds(Int64.max))
    #expect(Instant.distantPast - .distantFuture == .microseconds(Int64.min))
  }

  @Test func aSpanLeadsFromOneInstantToTheOther() {
    let (one, other) = (Instant(microseconds: 1_795_514_400_123_456), Instant(microseconds: -7))
    #expect(other + (one - other) == one && one - (one - other) == other)
    #expect(one > other && one + .nanoseconds(999) == one)
    #expect(one - .nanoseconds(1) == one + .microseconds(-1) + .nanoseconds(1_999), "spans are rounded down")
  }

  @Test func spansAreRoundedDownAndSeparatelyUp() {
    #expect(Duration.nanoseconds(-1).wholeMicroseconds == -1)
    #expect(Duration.milliseconds(1_999).wholeSeconds == 1 && Duration.milliseconds(-1).wholeSeconds == -1)
    #expect(Duration.milliseconds(1_001).secondsRoundedUp == 2 && Duration.seconds(1).secondsRoundedUp == 1)
    #expect(Duration.seconds(Int64.max).wholeMicroseconds == .max)
    #expect(Duration.seconds(Int64.min).wholeMilliseconds == Int64.min / 1_000 - 1)
    #expect(Duration.days(.max) == .seconds(Int64.max))
    #expect(Duration.days(2) == .hours(48) && Duration.hours(1) == .minutes(60))
  }

  /// The bytes of events are hashed: they stay what they were.
  @Test func anEventHoldsWholeMillisecondsAsANumber() throws {
    #expect(
      try EventCoding.encode(["at": Instant(microseconds: 1_795_514_400_123_999)])
        == Array(#"{"at":1795514400123}"#.utf8))
    #expect(try EventCoding.encode(["at": Instant(microseconds: -1)]) == Array(#"{"at":-1}"#.utf8))
    let read = try EventCoding.decode([String: Instant].self, from: Array(#"{"at":1795514400123}"#.utf8))
    #expect(read == ["at": 1_795_514_400_123])
    #expect(throws: DecodingError.self) {
      try EventCoding.decode([String: Instant].self, from: Array(#"{"at":"2026-11-24T10:00:00Z"}"#.utf8))
    }
  }

  @Test func programsAreToldTimesAsTextAndNothingOfThoseThatThereAreNot() throws {
    struct Told: Encodable {
      @TimeText var at: Instant?
      @TimeText var never: Instant?
    }
    let told = Told(at: 1_795_514_400_123, never: nil)
    #expect(String(decoding: try JSONEncoder().encode(told), as: UTF8.self) == #"{"at":"2026-11-24T10:00:00Z"}"#)
  }
}
