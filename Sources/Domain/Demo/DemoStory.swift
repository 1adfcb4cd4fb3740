/// What happens within a demo's first thirty days: a load test on a Sunday night, a slow release on a Tuesday that is replaced two days
/// later, and an hour of failures on a Wednesday after that.
package struct DemoStory: Sendable, Equatable {
  /// A load test against what customers use, whose requests are voided.
  package let loadTest: Range<Instant>
  /// While a release answers slowly.
  package let slowRelease: Range<Instant>
  /// While much is answered 5xx.
  package let incident: Range<Instant>

  /// Of a demo that begins at a time.
  package init(from: Instant) {
    let test = Self.last(weekday: 6, hour: 2, before: from + .days(14))
    loadTest = test..<test + .minutes(20)
    let slow = Self.last(weekday: 1, hour: 10, before: from + .days(20))
    slowRelease = slow..<slow + .days(2)
    // Nine days later at the earliest, so that never the Wednesday on which the release is slow.
    let failure = Self.last(weekday: 2, hour: 14, before: from + .days(29))
    incident = failure..<failure + .hours(1)
  }

  /// The last such hour (UTC) that begins at a time or before, 0 being Monday.
  private static func last(weekday: Int, hour: Int64, before end: Instant) -> Instant {
    let back = (DemoRhythm.weekday(of: end) - weekday + 7) % 7
    let found = Instant(day: end.day - Int64(back)) + .hours(hour)
    return found > end ? found - .days(7) : found
  }

  /// What answers: the one before the slow one, that one, and the one that replaced it.
  package static let releases = ["3.11.0", "3.12.0", "3.12.1"]

  /// What answers at a time.
  func release(at time: Instant) -> String {
    if time < slowRelease.lowerBound { return Self.releases[0] }
    return Self.releases[slowRelease.contains(time) ? 1 : 2]
  }
}
