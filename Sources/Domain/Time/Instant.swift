/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, the grain of PostgreSQL's timestamptz. The one type that says when.
///
/// Events hold whole milliseconds, and so an instant is coded: as the number of milliseconds since 1970, rounded down. Total: no number
/// traps, what lies beyond an end is that end.
package struct Instant: Hashable, Comparable, Sendable {
  /// Since 1970-01-01T00:00:00Z.
  package let microseconds: Int64

  /// Of microseconds since 1970-01-01T00:00:00Z.
  package init(microseconds: Int64) { self.microseconds = microseconds }

  /// Of milliseconds since 1970-01-01T00:00:00Z.
  package init(milliseconds: Int64) { microseconds = milliseconds.multipliedSaturating(by: 1_000) }

  /// Before all others: PostgreSQL's `-infinity`.
  package static let distantPast = Instant(microseconds: .min)
  /// After all others: PostgreSQL's `infinity`.
  package static let distantFuture = Instant(microseconds: .max)
  /// 1970-01-01T00:00:00Z
  package static let epoch = Instant(microseconds: 0)

  /// Whole milliseconds since 1970-01-01T00:00:00Z, rounded down, before 1970 too.
  package var milliseconds: Int64 { microseconds.dividedRoundingDown(by: 1_000) }

  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  package var seconds: Int64 { microseconds.dividedRoundingDown(by: 1_000_000) }

  /// Without what an event does not hold of it.
  package var toMillisecond: Instant { down(to: 1_000) }
  /// Where its second begins.
  package var toSecond: Instant { down(to: 1_000_000) }
  /// Where its minute begins.
  package var toMinute: Instant { down(to: 60_000_000) }
  /// Where its hour (UTC) begins.
  package var toHour: Instant { down(to: 3_600_000_000) }
  /// Where its quarter of an hour begins.
  package var toQuarter: Instant { down(to: 900_000_000) }
  /// Where its day (UTC) begins.
  package var toDay: Instant { Instant(day: day) }

  private func down(to unit: Int64) -> Instant {
    Instant(microseconds: microseconds.dividedRoundingDown(by: unit).multipliedSaturating(by: unit))
  }

  /// Whole days since 1970-01-01, rounded down.
  package var day: Int64 { microseconds.dividedRoundingDown(by: 86_400_000_000) }

  /// Where a day (UTC) begins, of days since 1970-01-01.
  package init(day: Int64) { microseconds = day.multipliedSaturating(by: 86_400_000_000) }

  package static func < (one: Instant, other: Instant) -> Bool { one.microseconds < other.microseconds }

  /// So much later.
  package static func + (instant: Instant, span: Duration) -> Instant {
    Instant(microseconds: instant.microseconds.addingSaturating(span.wholeMicroseconds))
  }

  /// So much earlier.
  package static func - (instant: Instant, span: Duration) -> Instant {
    Instant(microseconds: instant.microseconds.subtractingSaturating(span.wholeMicroseconds))
  }

  /// How much later the first is.
  package static func - (one: Instant, other: Instant) -> Duration {
    .microseconds(one.microseconds.subtractingSaturating(other.microseconds))
  }
}

/// As events have it.
extension Instant: Codable {
  /// From whole milliseconds since 1970.
  package init(from decoder: any Decoder) throws {
    self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  /// Whole milliseconds since 1970.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}
