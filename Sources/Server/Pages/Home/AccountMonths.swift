import Application
import Domain

/// The months (UTC) that an account can have used: an import may bring requests of some days before it was opened.
struct AccountMonths: Sendable {
  let first, last: CalendarMonth
  /// In which it was opened.
  let opened: CalendarMonth

  init(of account: ListedAccount, now: Instant) {
    opened = CalendarMonth(of: account.openedAt)
    first = CalendarMonth(of: min(now, account.openedAt) - AcceptanceWindow.standard.behind)
    last = CalendarMonth(of: max(now, account.openedAt))
  }

  func contains(_ month: CalendarMonth) -> Bool { (first.start...last.start).contains(month.start) }

  /// The latest first, so many at most.
  func latest(_ count: Int) -> [CalendarMonth] {
    var months = [last]
    while months.count < count, let month = months.last, month.start > first.start { months.append(month.previous) }
    return months
  }
}

extension CalendarMonth {
  /// The month before it.
  var previous: CalendarMonth { CalendarMonth(of: start - .days(1)) }

  /// For people, such as `November 2026`.
  var name: String { "\(Self.names[month - 1]) \(year)" }

  private static let names = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}
