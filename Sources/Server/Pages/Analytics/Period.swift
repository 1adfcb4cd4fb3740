import Domain
import Foundation

/// Of when a page's numbers are.
enum Period: Sendable, Equatable {
  /// One that moves on with the clock.
  case recent(Recent)
  /// A fixed one: from inclusive, to exclusive.
  case span(Range<Instant>)

  /// Periods that end now. Those of days begin with a day of the zone, so that each of their bars is one.
  enum Recent: String, Sendable, CaseIterable {
    case day = "24h"
    case week = "7d"
    case days = "30d"
    case month

    var title: String {
      switch self {
      case .day: "24 hours"
      case .week: "7 days"
      case .days: "30 days"
      case .month: "This month"
      }
    }

    /// The key that chooses it.
    var key: String {
      switch self {
      case .day: "d"
      case .week: "w"
      case .days: "t"
      case .month: "m"
      }
    }

    /// How many days (UTC) before today it reaches into at most.
    var reach: Int {
      switch self {
      case .day: 1
      case .week: 7
      case .days: 30
      case .month: 31
      }
    }
  }

  /// Up to the end of the quarter of an hour that it is: what is counted by, and so the same page all through it.
  func range(now: Instant, in calendar: LocalCalendar) -> Range<Instant> {
    switch self {
    case .span(let range): return range
    case .recent(let recent):
      let end = (now..<now + .microseconds(1)).inQuarters.upperBound
      return Self.start(of: recent, now: now, in: calendar)..<end
    }
  }

  private static func start(of recent: Recent, now: Instant, in calendar: LocalCalendar) -> Instant {
    switch recent {
    case .day: calendar.interval(.hour, holding: now).lowerBound - .hours(23)
    case .week: calendar.interval(.day, holding: calendar.time(now, laterByDays: -6)).lowerBound
    case .days: calendar.interval(.day, holding: calendar.time(now, laterByDays: -29)).lowerBound
    case .month: calendar.interval(.month, holding: now).lowerBound
    }
  }
}

extension LocalCalendar {
  /// The day that a text such as `2026-10-25` names; nil where it names none.
  func day(_ text: String) -> Range<Instant>? {
    guard text.utf8.count == 10, let start = Instant(ofEra: "\(text)T12:00:00Z") else { return nil }
    return interval(.day, holding: start - offset(at: start))
  }
}

extension LocalCalendar.Unit {
  /// What a chart has bars of where nobody says: a dozen to some sixty.
  static func fitting(_ range: Range<Instant>) -> LocalCalendar.Unit {
    let length = range.upperBound - range.lowerBound
    return if length <= .hours(1) {
      .minute
    } else if length <= .hours(50) {
      .hour
    } else if length <= .days(62) {
      .day
    } else if length <= .days(420) {
      .week
    } else {
      .month
    }
  }

  /// What a page's chart and its table have room for.
  static let mostBars = 200

  /// Those that a span can be shown by.
  static func all(for range: Range<Instant>, in calendar: LocalCalendar) -> [LocalCalendar.Unit] {
    let hours = (range.upperBound - range.lowerBound) / .hours(1)
    return allCases.filter { unit in
      switch unit {
      case .minute: hours <= 3
      case .hour: hours > 1 && hours <= 192
      case .day: hours > 24 && hours <= 24 * 100
      case .week: hours > 24 * 7 && hours <= 24 * 1_000
      case .month: hours > 24 * 31 && hours <= 24 * 4_000
      }
    }
  }
}
