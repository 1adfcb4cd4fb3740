/// Which other span one is compared with.
package enum SpanComparison: Hashable, Sendable {
  /// The one just before, of the same length.
  case previous
  /// The same weekdays and times of day of a time zone, the least number of whole weeks before that is at least the span's length: a day of
  /// 23 hours is compared with the day of 24 a week before.
  case weekday(LocalCalendar)
  /// Any.
  case span(Range<Instant>)

  /// The other span of one, as far as it lies in the era.
  package func other(than span: Range<Instant>) -> Range<Instant> {
    let other =
      switch self {
      case .previous: span.lowerBound - (span.upperBound - span.lowerBound)..<span.lowerBound
      case .weekday(let calendar): Self.shifted(span, byDays: -Self.days(span, calendar), calendar)
      case .span(let span): span
      }
    return other.clamped(to: Era.instants.lowerBound..<max(span.upperBound, other.upperBound, Era.instants.upperBound))
  }

  /// Where the intervals of the other span stand beside those of the span: by their place in each; or where weekdays are compared, by what the
  /// clocks show, since a day in which they are set has more hours, or fewer. One that stands beside none is left out.
  package func pairs(
    of span: Range<Instant>, by unit: LocalCalendar.Unit, in calendar: LocalCalendar
  ) -> [Instant: Instant] {
    let own = calendar.pieces(of: span, by: unit).map(\.start)
    let others = calendar.pieces(of: other(than: span).inQuarters, by: unit).map(\.start)
    guard case .weekday(let weekdays) = self, unit != .month else {
      return Dictionary(zip(others, own), uniquingKeysWith: { first, _ in first })
    }
    let (days, starts) = (Self.days(span, weekdays), Set(own))
    let pairs = others.compactMap { other -> (Instant, Instant)? in
      let start = weekdays.time(other, laterByDays: days)
      // An hour that the clocks leave out, or show twice, comes back as another.
      guard starts.contains(start), weekdays.time(start, laterByDays: -days) == other else { return nil }
      return (other, start)
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// By how many days: whole weeks.
  private static func days(_ span: Range<Instant>, _ calendar: LocalCalendar) -> Int {
    let length = calendar.clockTime(from: span.lowerBound, to: span.upperBound)
    return 7 * max(1, Int(saturating: (length / .days(7)).rounded(.up)))
  }

  private static func shifted(_ span: Range<Instant>, byDays days: Int, _ calendar: LocalCalendar) -> Range<Instant> {
    let from = calendar.time(span.lowerBound, laterByDays: days)
    return from..<max(from, calendar.time(span.upperBound, laterByDays: days))
  }
}
