extension Instant {
  /// A date and a time of day in UTC, by the proleptic Gregorian calendar.
  package struct Parts: Sendable, Hashable {
    /// Year and month.
    package let month: CalendarMonth
    /// 1…31
    package let day: Int
    /// 0, Sunday, to 6
    package let weekday: Int
    /// 0…23
    package let hour: Int
    /// 0…59
    package let minute: Int
    /// 0…59
    package let second: Int
  }

  /// As calendar and clock in UTC say it, to the second.
  package var parts: Parts {
    let second = Int(microseconds.remainderRoundingDown(by: 86_400_000_000) / 1_000_000)
    let date = CalendarMonth.date(ofDay: Int(day))
    // 1970-01-01 was a Thursday.
    return Parts(
      month: date.month, day: date.day, weekday: Int((day + 4).remainderRoundingDown(by: 7)), hour: second / 3_600,
      minute: second / 60 % 60, second: second % 60)
  }
}
