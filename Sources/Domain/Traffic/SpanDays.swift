/// A span taken apart into days (UTC): those that it holds whole, and what it holds of a first and a last one.
package struct SpanDays: Hashable, Sendable {
  /// A part of a day.
  package struct Part: Hashable, Sendable {
    /// Where the day begins.
    package let day: Instant
    /// The quarters of an hour that the span holds, from 0.
    package let quarters: Range<Int>
  }

  /// From the first whole day's beginning to the last one's end.
  package let whole: Range<Instant>
  /// At most two, in order.
  package let parts: [Part]

  /// Of a span between quarters of an hour.
  package init(_ span: Range<Instant>) {
    let (from, to) = (span.lowerBound, span.upperBound)
    let (first, last) = (from.upToDay, to.toDay)
    guard first <= last else {
      whole = first..<first
      parts = [Part(day: from.toDay, quarters: from.quarterOfDay..<to.quarterOfDay)]
      return
    }
    whole = first..<last
    var parts: [Part] = []
    if from < first { parts.append(Part(day: from.toDay, quarters: from.quarterOfDay..<Self.quarters)) }
    if last < to { parts.append(Part(day: last, quarters: 0..<to.quarterOfDay)) }
    self.parts = parts
  }

  /// In a day.
  package static let quarters = 96
}

extension Range<Instant> {
  /// The quarters of an hour that it touches; itself where it is empty.
  package var inQuarters: Range<Instant> { isEmpty ? self : lowerBound.toQuarter..<upperBound.upToQuarter }
}

extension Instant {
  /// Where the next quarter of an hour begins, or itself where one does.
  package var upToQuarter: Instant { toQuarter == self ? self : toQuarter + .minutes(15) }
  /// Where the next day (UTC) begins, or itself where one does.
  package var upToDay: Instant { toDay == self ? self : toDay + .days(1) }
  /// Which quarter of an hour of its day (UTC) it is in, from 0.
  package var quarterOfDay: Int { Int((microseconds - toDay.microseconds) / 900_000_000) }
}
