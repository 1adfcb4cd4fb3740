import Application
import Domain

/// The endpoints whose calls or errors differ most from the same hours of the weekday a week before.
///
/// Bounded, so that home stays fast: of the projects with the most calls in the month, and of each the endpoints that were called most on either of the two days. What was
/// called little on both can't have changed much.
struct Movers: Sendable {
  let entries: [Entry]
  /// Today, as far as its quarters of an hour have ended; and the same of the weekday before.
  let today, other: Range<Instant>

  /// So many projects are asked.
  static let projects = 3
  /// So many endpoints of each, on each of the two days.
  static let endpoints = 50
  private static let shown = 5

  struct Entry: Sendable {
    let project: ProjectTraffic
    let method, template: String
    let now, before: Counts

    /// In calls or in errors, whichever is more.
    fileprivate var change: Int64 { max(abs(now.calls - before.calls), abs(now.errors - before.errors)) }
  }

  struct Counts: Sendable, Equatable {
    let calls, errors: Int64

    init(_ numbers: TrafficNumbers) {
      calls = numbers.calls
      errors = numbers.errors4xx + numbers.errors5xx
    }
  }

  init(_ entries: [Entry], today: Range<Instant>, other: Range<Instant>) {
    (self.today, self.other) = (today, other)
    let moved = entries.filter { $0.change > 0 }.enumerated().sorted { one, two in
      let (left, right) = (one.element.change, two.element.change)
      return left == right ? one.offset < two.offset : left > right
    }
    self.entries = moved.prefix(Self.shown).map(\.element)
  }
}
