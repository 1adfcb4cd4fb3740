/// What the operator grants an account beside its tier.
public struct AccountGrant: Sendable, Hashable {
  /// Calls a second that each key may make at least.
  public var requestsPerSecond: Int?
  /// Bytes a second that each key may send at least.
  public var bytesPerSecond: Int?
  /// When it ends, in milliseconds since 1970; nil: never.
  public var until: Int64?

  /// A grant; of nothing, when nothing is named.
  public init(requestsPerSecond: Int? = nil, bytesPerSecond: Int? = nil, until: Int64? = nil) {
    self.requestsPerSecond = requestsPerSecond
    self.bytesPerSecond = bytesPerSecond
    self.until = until
  }

  /// Whether it gives anything at all.
  public var isEmpty: Bool { requestsPerSecond == nil && bytesPerSecond == nil }

  /// How fast a key of a tier may call at a time: the higher of both. Asked at each use, so a grant ends to the millisecond.
  public func callRate(of tier: Tier, at now: Int64) -> CallRate {
    let rate = tier.callRate
    guard !isEmpty, until.map({ now < $0 }) ?? true else { return rate }
    return CallRate(
      requestsPerSecond: max(rate.requestsPerSecond, requestsPerSecond ?? 0),
      bytesPerSecond: max(rate.bytesPerSecond, bytesPerSecond ?? 0))
  }
}
