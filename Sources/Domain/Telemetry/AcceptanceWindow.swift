/// How far from the server's clock an event's timestamp may lie.
///
/// Ids are remembered only as long as an event bearing them could still be accepted, so this window is what makes
/// "counted exactly once" a promise for ever and not until the ids are cleaned up.
package struct AcceptanceWindow: Hashable, Sendable {
  // Numbers, so that an event does not pay for the arithmetic of durations.
  private let behindMicroseconds: Int64
  private let aheadMicroseconds: Int64

  /// A window so far into the past and the future, neither negative.
  package init(behind: Duration, ahead: Duration) {
    behindMicroseconds = behind.wholeMicroseconds
    aheadMicroseconds = ahead.wholeMicroseconds
  }

  /// The furthest past.
  package var behind: Duration { .microseconds(behindMicroseconds) }
  /// The furthest future.
  package var ahead: Duration { .microseconds(aheadMicroseconds) }

  /// 35 days back: longer than the longest month, so that a retry a month later is still known for a retry.
  /// 5 minutes ahead: clocks that are kept by anything at all are within it, and an event cannot open a month early
  /// by more.
  package static let standard = AcceptanceWindow(behind: .days(35), ahead: .minutes(5))

  /// On which side of the window a timestamp lies.
  package enum Miss: Hashable, Sendable, CustomStringConvertible {
    /// Before the window, by so much.
    case tooOld(by: Duration)
    /// After the window, by so much.
    case tooNew(by: Duration)

    /// Such as `a time that is 6 years and 297 days too old`.
    package var description: String {
      switch self {
      case .tooOld(let span): "a time that is \(PeriodInWords.text(span)) too old"
      case .tooNew(let span): "a time that is \(PeriodInWords.text(span)) too far ahead"
      }
    }
  }

  /// How a timestamp misses the window; nil when it lies in it, both ends included.
  package func miss(of timestamp: Instant, now: Instant) -> Miss? {
    let first = Instant(microseconds: now.microseconds.subtractingSaturating(behindMicroseconds))
    if timestamp < first { return .tooOld(by: first - timestamp) }
    let last = Instant(microseconds: now.microseconds.addingSaturating(aheadMicroseconds))
    return timestamp > last ? .tooNew(by: timestamp - last) : nil
  }

  /// What an error says is allowed.
  package var allowed: String {
    "at most \(behind.wholeSeconds / 86_400) days before and \(ahead.wholeSeconds / 60) minutes after now"
  }
}
