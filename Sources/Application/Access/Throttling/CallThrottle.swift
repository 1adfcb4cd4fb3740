package import Domain
package import EventLog

/// How fast keys may call, and accounts with all their keys: the front door of throttling.
///
/// The way of a decision:
/// 1. a call of a valid key asks for one call and its bytes, before its body is read where the key stands in the header;
/// 2. with a Redis that answers, the key's and its account's buckets there decide, for all servers together and exactly (``SharedBuckets``);
/// 3. without one, or when it does not answer in time, this server's own decide, which are its share of the rate (``LocalBuckets``):
///    a Redis that is away costs nobody a call;
/// 4. who is turned away is told when to come again, by ``CallsThrottled``.
package final class CallThrottle: Sendable {
  private let local = LocalBuckets()
  private let shared: SharedBuckets?
  private let servers: ServerCount
  private let onThrottled: @Sendable (TelemetrySource) -> Void

  /// - Parameters:
  ///   - shared: nil where every server goes by its share.
  ///   - onThrottled: hears of each call that is turned away.
  package init(shared: SharedBuckets?, servers: ServerCount, onThrottled: @escaping @Sendable (TelemetrySource) -> Void)
  {
    self.shared = shared
    self.servers = servers
    self.onThrottled = onThrottled
  }

  /// Takes what a call costs, and answers what is left. Throws ``CallsThrottled``.
  package func take(_ cost: CallCost, for source: TelemetrySource, at rate: CallRate, now: Instant) async throws
    -> CallAllowance
  {
    let allowance = await decide(cost, for: source, at: rate, now: now)
    guard allowance.isGiven else {
      onThrottled(source)
      throw CallsThrottled(allowance: allowance)
    }
    return allowance
  }

  private func decide(
    _ cost: CallCost, for source: TelemetrySource, at rate: CallRate, now: Instant
  ) async -> CallAllowance {
    let rates = CallRates(ofKey: rate)
    if let shared, let (isGiven, levels) = await shared.take(cost, for: source.keyID, of: source.accountID, at: rates) {
      return CallAllowance(isGiven: isGiven, levels, rates: rates, whole: rates)
    }
    let share = rates.share(of: servers.value)
    let (isGiven, levels) = local.take(cost, for: source.keyID, of: source.accountID, at: share, now: now)
    return CallAllowance(isGiven: isGiven, levels, rates: share, whole: rates)
  }
}
