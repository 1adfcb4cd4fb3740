import TestDatabase
import Testing

@testable import Domain

/// Times as text, and as days and months.
@Suite struct InstantTextTests {
  func read(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBufferPointer { Instant($0) }?.milliseconds }

  @Test(
    "RFC 3339 is read to the millisecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-24T10:00:00.123Z", 1_795_514_400_123),
      ("2026-11-24t10:00:00.1239999999999z", 1_795_514_400_123), ("2026-11-24 12:00:00.123+02:00", 1_795_514_400_123),
      ("2026-11-24T04:30:00.1-05:30", 1_795_514_400_100), ("1969-12-31T23:59:59.999Z", -1),
      ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
      ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
      ("2016-12-31T23:59:60Z", 1_483_228_799_999), ("2017-01-01T00:59:60.5+01:00", 1_483_228_799_999),
      ("1970-01-01T00:00:00-00:00", 0),
    ] as [(String, Int64)])
  func reads(text: String, milliseconds: Int64) {
    #expect(read(text) == milliseconds)
  }

  @Test(
    "what is no such time is refused",
    arguments: [
      "", "2026-11-24", "2026-11-24T10:00:00", "2026-11-24T10:00:00.Z", "2026-11-24T10:00Z", "2023-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z",
      "2026-11-24T24:00:00Z", "2026-11-24T10:60:00Z", "2026-11-24T10:00:61Z", "2026-11-24T10:00:60Z",
      "2026-11-24T10:00:00+2:00", "2026-11-24T10:00:00+0200", "2026-11-24T10:00:00+24:00", "2026-11-24T10:00:00Zx",
      "2026-11-24T10:00:00 Z", "+026-11-24T10:00:00Z", "2026-11-24T10:00:00,5Z", "2026-11-24T10:00:00.5",
      "1795514400000", "2026-11-24T10:00:00*02:00", "2026-11-24T10:00:00+02:60",
    ])
  func refuses(text: String) {
    #expect(read(text) == nil)
  }

  @Test func everyDayOfEightCenturiesGoesThereAndBack() {
    var day = CalendarMonth.days(year: 1600, month: 1, day: 1)
    for year in 1600..<2400 {
      for month in 1...12 {
        for date in 1...CalendarMonth.length(ofMonth: month, year: year) {
          guard CalendarMonth.days(year: year, month: month, day: date) == day else {
            Issue.record("\(year)-\(month)-\(date)")
            return
          }
          let first = Instant(day: Int64(day)).parts
          let last = (Instant(day: Int64(day + 1)) - .microseconds(1)).parts
          guard first.month.year == year, first.month.month == month, first.day == date, last.month == first.month,
            last.day == date, first.weekday == (day % 7 + 11) % 7
          else {
            Issue.record("\(year)-\(month)-\(date) is \(first), \(last)")
            return
          }
          day += 1
        }
      }
    }
  }

  @Test func monthsPrintAsFourAndTwoDigits() {
    #expect(CalendarMonth(of: 1_795_514_400_000).description == "2026-11")
    #expect(CalendarMonth(of: -62_167_219_200_000).description == "0000-01")
    #expect(CalendarMonth(of: -62_167_219_200_001).description == "-0001-12")
  }
}

extension InstantTextTests {
  @Test func aTimeIsReadToTheMicrosecond() {
    #expect(Instant("2026-11-24T10:00:00.1234567Z")?.microseconds == 1_795_514_400_123_456)
    #expect(Instant("1969-12-31T23:59:59.9999995Z")?.microseconds == -1)
    #expect(Instant("1969-12-31T23:59:59.9985Z")?.milliseconds == -2)
    #expect(Instant("2016-12-31T23:59:60Z")?.microseconds == 1_483_228_799_999_999)
  }

  @Test(arguments: ["2026-02-30", "2023-02-29", "2026-13-01", "2026-1-1", "2026-11-24T", "20261124", "２026-11-2"])
  func whatIsNoDayIsNotTakenForAnother(text: String) {
    #expect(Instant(day: text) == nil)
  }

  @Test func aDayBeginsAtMidnightAndAMonthWithItsFirst() {
    #expect(Instant(day: "2026-11-24") == 1_795_478_400_000)
    #expect(CalendarMonth("2026-11")?.start == Instant(day: "2026-11-01"))
    for text in ["2026-13", "2026-00", "2026-1", "2026-11-", "x026-11"] { #expect(CalendarMonth(text) == nil) }
  }

  @Test(arguments: [
    ("2026-11-24", "the time of day"), ("2026-11-24T10:00:00", "the offset is"),
    ("2026-11-24T10:00:00.5", "the offset is"),
    ("2026-11-24T10:00Z", "the seconds are"), ("2026-11-24T10:00+02:00", "the seconds are"),
    ("2026-11-24T10:00", "the seconds and the offset"), ("2026-11-24T10:00:00+0200", "its colon"),
    ("2026-11-24T10:00:00,5Z", "with a point"), ("2026-02-30T10:00:00Z", "no such day"),
  ])
  func whatATimeLacksIsSaid(text: String, lacks: String) {
    let allowed = Instant.allowed(insteadOf: text)
    #expect(allowed.hasPrefix(Instant.allowed + ": "))
    #expect(allowed.contains(lacks), "\(allowed)")
  }

  @Test(arguments: ["", "now", "1795514400", "２０２６-11-24", "2026-11-24T10:00:00Zx", String(repeating: "9", count: 99)])
  func whatIsNothingLikeATimeIsNotGuessedAt(text: String) {
    #expect(Instant.allowed(insteadOf: text) == Instant.allowed)
  }
}

/// Each is written as it was read.
extension InstantTextTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z", "1970-01-01"),
    // A format over binary fractions of a second writes half of all milliseconds as the one before.
    ("2078-10-31T05:38:13.674Z", "2078-10-31T05:38:13Z", "2078-10-31"),
    ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z", "1969-12-31"),
    ("0000-02-29T01:02:03.004Z", "0000-02-29T01:02:03Z", "0000-02-29"),
    ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z", "9999-12-31"),
  ])
  func aTimeIsWrittenAsItIsRead(text: String, toSecond: String, day: String) throws {
    let instant = try #require(Instant(text))
    #expect("\(instant)" == text)
    #expect(instant.textToSecond == toSecond && Instant(toSecond) == instant.toSecond)
    #expect(instant.dayText == day && Instant(day: day) == instant.toDay)
  }

  @Test func everyMillisecondIsWrittenAsItIsRead() throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<2_000 {
      let instant = Instant(milliseconds: Int64(random.next() % 253_402_300_800_000))
      #expect(Instant("\(instant)") == instant)
    }
  }

  @Test func whatIsFinerThanATextIsRoundedDown() {
    #expect("\(Instant(microseconds: 1_999))" == "1970-01-01T00:00:00.001Z")
    #expect("\(Instant(microseconds: -1))" == "1969-12-31T23:59:59.999Z")
    #expect(Instant(microseconds: -1).textToSecond == "1969-12-31T23:59:59Z")
  }

  /// What was stored may have been forged.
  @Test(arguments: [.distantPast, .distantFuture, -1, 0, 1_795_514_400_123] as [Instant])
  func noTimeTrapsAnywhere(instant: Instant) {
    #expect(instant.description.hasSuffix("Z") && instant.textToSecond.hasSuffix("Z"))
    #expect(CalendarMonth(of: instant).start <= instant || instant == .distantPast)
    #expect(CalendarMonth(of: instant).next.start >= instant)
    #expect(instant.toDay <= instant && instant.toSecond <= instant && instant.toMillisecond <= instant)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", true), ("9999-12-31T23:59:59.9999999Z", true), ("1969-12-31T23:59:59.999999Z", false),
    ("0000-01-01T00:00:00Z", false), ("9999-12-31T23:59:59.999-00:01", false), ("2026-02-30T00:00:00Z", false),
  ])
  func whatComesFromOutsideLiesInTheEra(text: String, isAllowed: Bool) {
    let instant = Instant(ofEra: text)
    #expect((instant != nil) == isAllowed)
    #expect(instant == instant?.toMillisecond, "as finely as events keep times")
    if !isAllowed { #expect(!Instant.allowedOfEra(insteadOf: text).isEmpty) }
  }
}
