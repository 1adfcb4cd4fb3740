import Foundation

/// The time of day. A parameter everywhere, so that tests decide when it is.
public protocol WallClock: Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  var milliseconds: Int64 { get }
}

/// The machine's clock.
public struct SystemClock: WallClock {
  /// The machine's clock.
  public init() {}

  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var milliseconds: Int64 { Date().milliseconds }
}
