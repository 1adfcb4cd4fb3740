/// When to try again: exponential back-off with full jitter, so that many clients don't come back at the same moment
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
public struct RetryPolicy: Sendable, Hashable {
  /// Attempts and waits for one batch together take no longer than this.
  public var patience: Duration = .seconds(60)
  /// The first wait is at most this long, each further one at most twice the one before.
  public var firstDelay: Duration = .milliseconds(100)
  /// No wait is longer, unless the server asks for it with Retry-After.
  public var longestDelay: Duration = .seconds(5)

  /// The defaults above.
  public init() {}

  /// The wait after a failed attempt, or `nil` to give up.
  /// - Parameters:
  ///   - attempt: attempts so far, 1 or more
  ///   - spent: time since the first one began
  ///   - retryAfter: the least that the server asks to wait
  ///   - random: 0…1, evenly spread
  func delay(after attempt: Int, spent: Duration, retryAfter: Duration?, random: Double) -> Duration? {
    // 2^20 times any sensible first delay is far beyond the longest.
    let ceiling = min(longestDelay, firstDelay * (1 << min(attempt - 1, 20)))
    let delay = max(ceiling * random, retryAfter ?? .zero)
    return spent + delay <= patience ? delay : nil
  }
}
