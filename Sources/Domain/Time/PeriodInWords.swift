/// Periods, lengths of time, as people say them.
package enum PeriodInWords {
  /// In the two largest units that say something, rounded up: `6 years and 297 days`, `1 minute and 5 seconds`. A year is 365 days.
  package static func text(_ span: Duration) -> String {
    var seconds = max(0, span.secondsRoundedUp)
    while true {
      let (large, small) = units(of: seconds)
      let rounded = (seconds + small.seconds - 1) / small.seconds * small.seconds
      // Rounding up may reach the next unit: 23 hours, 59 minutes and a second are a day.
      guard rounded == seconds else {
        seconds = rounded
        continue
      }
      let parts = [(seconds / large.seconds, large), (seconds % large.seconds / small.seconds, small)]
      let said = parts.filter { $0.0 > 0 }.map { "\($0) \($1.name)\($0 == 1 ? "" : "s")" }
      return said.isEmpty ? "0 seconds" : said.joined(separator: " and ")
    }
  }

  private typealias Unit = (name: String, seconds: Int64)

  private static let all: [Unit] = [
    ("year", 365 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1),
  ]

  /// The largest unit that there is one of, and the next smaller.
  private static func units(of seconds: Int64) -> (Unit, Unit) {
    let pairs = zip(all, all.dropFirst())
    return pairs.first { large, _ in seconds >= large.seconds } ?? (("minute", 60), ("second", 1))
  }
}
