/// How far from the server's clock an event's timestamp may lie.
///
/// Ids are remembered only as long as an event bearing them could still be accepted, so this window is what makes
/// "counted exactly once" a promise for ever and not until the ids are cleaned up.
public struct AcceptanceWindow: Hashable, Sendable {
  /// The furthest past, in milliseconds.
  public let behindMilliseconds: Int64
  /// The furthest future, in milliseconds.
  public let aheadMilliseconds: Int64

  /// A window of whole milliseconds, neither negative.
  public init(behindMilliseconds: Int64, aheadMilliseconds: Int64) {
    self.behindMilliseconds = behindMilliseconds
    self.aheadMilliseconds = aheadMilliseconds
  }

  /// 35 days back: longer than the longest month, so that a retry a month later is still known for a retry.
  /// 5 minutes ahead: clocks that are kept by anything at all are within it, and an event cannot open a month early
  /// by more.
  public static let standard = AcceptanceWindow(
    behindMilliseconds: 35 * 86_400_000, aheadMilliseconds: 5 * 60_000)

  /// On which side of the window a timestamp lies.
  public enum Miss: Hashable, Sendable, CustomStringConvertible {
    /// Before the window, by so many milliseconds.
    case tooOld(milliseconds: Int64)
    /// After the window, by so many milliseconds.
    case tooNew(milliseconds: Int64)

    /// Such as `a time that is 6 years and 297 days too old`.
    public var description: String {
      switch self {
      case .tooOld(let milliseconds): "a time that is \(SpanInWords.text(milliseconds: milliseconds)) too old"
      case .tooNew(let milliseconds): "a time that is \(SpanInWords.text(milliseconds: milliseconds)) too far ahead"
      }
    }
  }

  /// How a timestamp misses the window; nil when it lies in it, both ends included.
  public func miss(of timestamp: Int64, now: Int64) -> Miss? {
    if timestamp < now - behindMilliseconds {
      return .tooOld(milliseconds: now - behindMilliseconds - timestamp)
    }
    if timestamp > now + aheadMilliseconds { return .tooNew(milliseconds: timestamp - now - aheadMilliseconds) }
    return nil
  }

  /// What an error says is allowed.
  public var allowed: String {
    "at most \(behindMilliseconds / 86_400_000) days before and \(aheadMilliseconds / 60_000) minutes after now"
  }
}
