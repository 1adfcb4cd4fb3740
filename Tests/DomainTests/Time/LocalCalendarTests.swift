import Domain
import Foundation
import TestDatabase
import Testing

@Suite struct LocalCalendarTests {
  private func calendar(_ name: String) throws -> LocalCalendar {
    LocalCalendar(try #require(TimeZone(identifier: name)))
  }

  /// Hours of the day that holds a time, in zones and on days where clocks are set.
  @Test(
    arguments: [
      ("UTC", "2026-03-29T12:00:00Z", 24.0), ("Europe/Berlin", "2026-03-29T12:00:00Z", 23),
      ("Europe/Berlin", "2026-10-25T12:00:00Z", 25), ("Europe/Berlin", "2026-10-26T12:00:00Z", 24),
      ("America/New_York", "2026-03-08T12:00:00Z", 23), ("Asia/Kolkata", "2026-10-25T12:00:00Z", 24),
      ("Australia/Lord_Howe", "2026-04-04T20:00:00Z", 24.5), ("Asia/Beirut", "2026-03-29T12:00:00Z", 23),
    ]) func aDayIsAsLongAsItsClockSays(zone: String, time: String, hours: Double) throws
  {
    let day = try calendar(zone).interval(.day, holding: Instant.parse(time))
    #expect((day.upperBound - day.lowerBound) / .hours(1) == hours)
    #expect(day.contains(try Instant.parse(time)))
  }

  @Test func anIndianDayBeginsAtHalfPastSixInTheEveningOfUTC() throws {
    let day = try calendar("Asia/Kolkata").interval(.day, holding: Instant.parse("2026-11-27T00:10:30Z"))
    #expect(day.lowerBound == (try Instant.parse("2026-11-26T18:30:00Z")))
  }

  @Test func aWeekBeginsOnMondayAndAMonthOnItsFirst() throws {
    let time = try Instant.parse("2026-11-27T12:00:00Z")
    #expect(LocalCalendar.utc.interval(.week, holding: time).lowerBound == (try Instant.parse("2026-11-23T00:00:00Z")))
    #expect(LocalCalendar.utc.interval(.month, holding: time).lowerBound == (try Instant.parse("2026-11-01T00:00:00Z")))
    #expect(LocalCalendar.utc.isUTC)
  }

  /// Every moment of a span is in one piece, whatever the zone and the unit.
  @Test(arguments: [
    "UTC", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Europe/Berlin",
  ])
  func piecesFollowOneAnotherAndLeaveNothingOut(zone: String) throws {
    let calendar = try calendar(zone)
    for unit in LocalCalendar.Unit.allCases where unit != .minute {
      let span = try Instant.parse("2026-03-01T10:15:00Z")..<Instant.parse("2026-04-12T05:45:00Z")
      let pieces = calendar.pieces(of: span, by: unit)
      #expect(pieces.first?.span.lowerBound == span.lowerBound && pieces.last?.span.upperBound == span.upperBound)
      for (one, next) in zip(pieces, pieces.dropFirst()) {
        #expect(one.span.upperBound == next.span.lowerBound && one.start < next.start, "\(unit) \(one.start)")
      }
      #expect(pieces.allSatisfy { $0.span.lowerBound.toQuarter == $0.span.lowerBound })
    }
  }
}
