import Application
import Domain

/// What a month's quota will have used at its end, if it goes on as before: between two paces, and never one number, which nobody knows.
struct MonthPace: Sendable, Equatable {
  let low, high: Int64
  /// How they were come to.
  let method: String
  /// When the quota is used up at the higher pace; nil: it lasts.
  let usedUp: Instant?

  /// Nil where there is no whole day to go by.
  ///
  /// - Parameters:
  ///   - weeks: the calls of the seven whole days (UTC) before today, and of the seven before them.
  ///   - opened: when the account was.
  init?(_ usage: MonthUsage, _ weeks: HomeAnswers.Weeks, opened: Instant, now: Instant) {
    let days = min(14, max(weeks.last > 0 ? 1 : 0, now.toDay.day - opened.day))
    guard days > 0, weeks.last + weeks.before > 0 else { return nil }
    let (one, two) = (min(7, days), weeks.before > 0 ? 7 : days - 7)
    let last = Double(weeks.last) / Double(one)
    let before = two > 0 ? Double(weeks.before) / Double(two) : last
    let end = CalendarMonth(of: now).next.start
    let rest = (end - now) / .days(1)
    func atEnd(_ pace: Double) -> Int64 { usage.used.addingSaturating(Int64(saturating: (pace * rest).rounded())) }
    (low, high) = (atEnd(min(last, before)), atEnd(max(last, before)))
    method =
      two > 0
      ? "The rest of the month at the pace of the last 7 whole days (\(Self.text(last)) calls a day) and at that of the 7 before them (\(Self.text(before)))."
      : "The rest of the month at the pace since the account was opened (\(Self.text(last)) calls a day). With two weeks behind it, this is a range."
    let fastest = max(last, before)
    usedUp = high > usage.quota && fastest > 0 ? now + .seconds(Double(usage.remaining) / fastest * 86_400) : nil
  }

  private static func text(_ pace: Double) -> String {
    pace > 0 && pace < 0.5 ? "less than 1" : Text.number(Int64(saturating: pace.rounded()))
  }
}
