/// What became of a batch that ``RecountClient/track(_:)`` filled.
public enum DeliveryReport: Sendable {
  /// The server answered for each event.
  case answered(TrackBatch, TrackReceipt)
  /// Not delivered now; the batch stays first in line and is tried again.
  case postponed(TrackBatch, RecountError)
  /// The server will never take it: it has left the line, and this is the last that the client says of it.
  case rejected(TrackBatch, RecountError)
}

/// Another attempt is about to be waited for.
public struct RetryNotice: Sendable, Hashable {
  /// The attempts so far, 1 or more.
  public var attempt: Int
  /// How long the wait is.
  public var delay: Duration
  /// What the last attempt met.
  public var reason: String
}
