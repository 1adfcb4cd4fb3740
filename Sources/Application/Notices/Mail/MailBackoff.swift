import Domain

/// When to try a mail again: after half a minute, then twice as long each time up to four hours, for a day. RFC 5321 (4.5.4.1) asks
/// for half an hour and four to five days, but a token that arrives after a day is of no use, and its reader waits now.
struct MailBackoff {
  /// When; nil to give it up.
  let next: Instant?

  private static let shortest = Duration.seconds(30)
  private static let longest = Duration.hours(4)
  private static let patience = Duration.days(1)

  /// After so many attempts.
  init(attempt: Int, queuedAt: Instant, now: Instant) {
    let pause = min(Self.longest, Self.shortest * (1 << max(0, min(attempt, 20) - 1)))
    let candidate = now + pause
    next = candidate < queuedAt + Self.patience ? candidate : nil
  }
}
