/// What one track request may hold.
public struct TrackLimits: Hashable, Sendable {
  /// Bytes of the body, decompressed. 5 MB is 5,000 events of a kilobyte each.
  public var bodyBytes = 5_000_000
  /// Events in one request: enough to make the transaction cheap, few enough that one request never holds the log long.
  public var events = 5_000
  /// Levels of nesting in the body. Ours has three; the rest is room for fields we do not know yet.
  public var depth = 32
  /// Bytes of an endpoint, in UTF-8, unescaped.
  public var endpointBytes = 2_048
  /// Nanoseconds of a response time: one hour.
  public var responseTimeNanoseconds: Int64 = 3_600_000_000_000
  /// Bytes of an API key. Ours have 46; longer ones are refused before anything is looked up.
  public var apiKeyBytes = 128

  /// The limits as documented.
  public init() {}

  /// The limits as documented.
  public static let standard = TrackLimits()
}
