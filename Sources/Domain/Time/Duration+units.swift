extension Duration {
  /// So many minutes.
  package static func minutes(_ count: Int64) -> Duration { .seconds(count.multipliedSaturating(by: 60)) }
  /// So many hours.
  package static func hours(_ count: Int64) -> Duration { .seconds(count.multipliedSaturating(by: 3_600)) }
  /// So many days of 24 hours.
  package static func days(_ count: Int64) -> Duration { .seconds(count.multipliedSaturating(by: 86_400)) }

  /// Rounded down; what is longer than an Int64 counts is as long as that can say.
  package var wholeMicroseconds: Int64 {
    let (seconds, attoseconds) = components
    let fraction = attoseconds.dividedRoundingDown(by: 1_000_000_000_000)
    return seconds.multipliedSaturating(by: 1_000_000).addingSaturating(fraction)
  }

  /// The same in milliseconds.
  package var wholeMilliseconds: Int64 { wholeMicroseconds.dividedRoundingDown(by: 1_000) }

  /// The same in seconds.
  package var wholeSeconds: Int64 { wholeMicroseconds.dividedRoundingDown(by: 1_000_000) }

  /// In seconds, rounded up.
  package var secondsRoundedUp: Int64 { (self + .microseconds(999_999)).wholeSeconds }
}
