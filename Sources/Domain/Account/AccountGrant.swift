/// What the operator grants an account beside its tier.
package struct AccountGrant: Sendable, Hashable {
  /// A tier that it has at least.
  package var tier: Tier?
  /// Live events it may track at least in a calendar month (UTC).
  package var monthlyQuota: Int?
  /// Calls a second that each key may make at least.
  package var requestsPerSecond: Int?
  /// Bytes a second that each key may send at least.
  package var bytesPerSecond: Int?
  /// When it ends; nil: never.
  package var until: Instant?

  /// No quota is higher: a number whose percent can be worked out without overflow, and that nobody reaches.
  package static let highestQuota = 1_000_000_000_000

  /// A grant; of nothing, when nothing is named.
  package init(
    tier: Tier? = nil, monthlyQuota: Int? = nil, requestsPerSecond: Int? = nil, bytesPerSecond: Int? = nil,
    until: Instant? = nil
  ) {
    self.tier = tier
    self.monthlyQuota = monthlyQuota
    self.requestsPerSecond = requestsPerSecond
    self.bytesPerSecond = bytesPerSecond
    self.until = until
  }

  /// Whether it gives anything at all.
  package var isEmpty: Bool {
    tier == nil && monthlyQuota == nil && requestsPerSecond == nil && bytesPerSecond == nil
  }

  /// Whether it has not ended. Asked at each use, so a grant of a tier or of a rate ends to the millisecond.
  private func isInForce(at now: Instant) -> Bool { until.map { now < $0 } ?? true }

  /// The tier that an account has at a time: the higher of both.
  package func tier(over paid: Tier, at now: Instant) -> Tier {
    guard let tier, isInForce(at: now) else { return paid }
    return max(paid, tier)
  }

  /// How fast a key of a tier may call at a time: the highest of all.
  package func callRate(of tier: Tier, at now: Instant) -> CallRate {
    let rate = self.tier(over: tier, at: now).callRate
    guard isInForce(at: now) else { return rate }
    return CallRate(
      requestsPerSecond: max(rate.requestsPerSecond, requestsPerSecond ?? 0),
      bytesPerSecond: max(rate.bytesPerSecond, bytesPerSecond ?? 0))
  }

  /// What it adds to a quota.
  var quota: MonthlyQuota { .higher(tier?.quota ?? .none, MonthlyQuota(live: monthlyQuota ?? 0, test: 0)) }
}
