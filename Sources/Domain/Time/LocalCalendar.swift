package import Foundation

/// Hours, days, weeks and months as the clocks of a time zone show them.
package struct LocalCalendar: Hashable, Sendable {
  /// What a span is taken apart into. A week begins on Monday (ISO 8601).
  package enum Unit: String, Sendable, CaseIterable {
    case minute, hour, day, week, month
  }

  private let calendar: Calendar

  /// Of a time zone.
  package init(_ zone: TimeZone) {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = zone
    self.calendar = calendar
  }

  /// Of UTC.
  package static let utc = LocalCalendar(.gmt)

  /// What its zone is called.
  package var name: String { calendar.timeZone.identifier }

  /// Whether its days are UTC's, whatever it is called.
  package var isUTC: Bool { calendar.timeZone == .gmt }

  /// The unit that holds a time. Days have 23 or 25 hours where clocks are set, and begin later where midnight is left out.
  package func interval(_ unit: Unit, holding time: Instant) -> Range<Instant> {
    switch unit {
    case .minute: return time.toMinute..<time.toMinute + .minutes(1)
    case .hour: return hour(holding: time)
    case .day: return interval(.day, time)
    case .week: return interval(.weekOfYear, time)
    case .month: return interval(.month, time)
    }
  }

  /// A span taken apart: each unit's beginning, and what of the unit lies in the span.
  package func pieces(of span: Range<Instant>, by unit: Unit) -> [(start: Instant, span: Range<Instant>)] {
    var pieces: [(start: Instant, span: Range<Instant>)] = []
    var time = span.lowerBound
    while time < span.upperBound {
      let found = interval(unit, holding: time)
      let end = min(max(found.upperBound, time + .minutes(1)), span.upperBound)
      pieces.append((found.lowerBound, time..<end))
      time = end
    }
    return pieces
  }

  /// When the clocks show the same so many days later, or earlier; where they leave that out, when they have been set.
  package func time(_ time: Instant, laterByDays days: Int) -> Instant {
    let date = Date(timeIntervalSince1970: Double(time.seconds))
    guard let later = calendar.date(byAdding: .day, value: days, to: date) else { return time + .days(Int64(days)) }
    return Self.instant(later) + (time - time.toSecond)
  }

  /// How far the clocks go on between two times, those hours included that they leave out.
  package func clockTime(from: Instant, to: Instant) -> Duration { to + offset(at: to) - (from + offset(at: from)) }

  /// How far the clocks are ahead of UTC.
  package func offset(at time: Instant) -> Duration {
    .seconds(calendar.timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.seconds))))
  }

  /// By the clock's own hour, which begins at a quarter of UTC's in some zones.
  private func hour(holding time: Instant) -> Range<Instant> {
    let offset = offset(at: time)
    let local = time + offset
    let start =
      Instant(microseconds: local.microseconds.dividedRoundingDown(by: 3_600_000_000) * 3_600_000_000) - offset
    return start..<start + .hours(1)
  }

  private func interval(_ component: Calendar.Component, _ time: Instant) -> Range<Instant> {
    guard
      let found = calendar.dateInterval(of: component, for: Date(timeIntervalSince1970: Double(time.seconds)))
    else { return time.toDay..<time.toDay + .days(1) }
    return Self.instant(found.start)..<Self.instant(found.end)
  }

  private static func instant(_ date: Date) -> Instant {
    Instant(microseconds: Int64(date.timeIntervalSince1970.rounded()) * 1_000_000)
  }
}
