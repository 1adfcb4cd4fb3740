/// A month of the proleptic Gregorian calendar, in UTC: what quotas are counted by.
package struct CalendarMonth: Hashable, Sendable, CustomStringConvertible {
  /// The year, 0 being 1 BC.
  package let year: Int
  /// 1…12
  package let month: Int

  /// The month that a time lies in.
  package init(of instant: Instant) { self = Self.date(ofDay: Int(instant.day)).month }

  private init(year: Int, month: Int) {
    self.year = year
    self.month = month
  }

  /// A date of days since 1970-01-01: its month, and its day of that.
  static func date(ofDay day: Int) -> (month: CalendarMonth, day: Int) {
    // Howard Hinnant's civil_from_days: years start in March so that the leap day comes last, in eras of 400 years.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (CalendarMonth(year: year, month: month), dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  /// From its text, such as `2026-11`; nil when there is no such month.
  package init?(_ text: String) {
    guard text.utf8.count == 7, let first = Instant(day: text + "-01"),
      Era.instants.contains(first)
    else { return nil }
    self.init(of: first)
  }

  /// Where it begins.
  package var start: Instant { Instant(day: Int64(Self.days(year: year, month: month, day: 1))) }

  /// The month after it.
  package var next: CalendarMonth {
    month == 12 ? CalendarMonth(year: year + 1, month: 1) : CalendarMonth(year: year, month: month + 1)
  }

  /// Such as `2026-11`.
  package var description: String {
    let digits = String(year.magnitude)
    let padding = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
    return "\(year < 0 ? "-" : "")\(padding)\(digits)-\(month < 10 ? "0" : "")\(month)"
  }

  /// Days from 1970-01-01 to a date (days_from_civil, the inverse). The date must exist.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// 28…31
  static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
