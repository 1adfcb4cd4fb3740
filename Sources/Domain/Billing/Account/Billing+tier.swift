extension Billing {
  /// What the account is subscribed to by all that is known (R7), with why it changes to that; nil: it never subscribed, and its tier is none of
  /// billing's business.
  ///
  /// The same before and after what follows from the facts was appended.
  ///
  /// - Parameter tier: what the account is said to pay for now.
  package func tier(by facts: BillingFacts, over tier: Tier) -> SubscribedTier? {
    let known = facts.subscriptions(after: self)
    guard hasSubscribed || known.contains(where: { $0.folded.wasEntitled && $0.held != nil }) else { return nil }
    let next = known.compactMap(\.tier).max() ?? .free
    return SubscribedTier(tier: next, cause: next < tier ? cause(of: next, known) : .subscription)
  }

  /// Why less than it was is left (R9): that of the highest that gives less than it was said to give. Where several gave it, and one of them ended
  /// in good order, it was paid for, and the month keeps it.
  private func cause(of next: Tier, _ known: [KnownSubscription]) -> TierChanged.Cause {
    let lower = known.filter { known in
      guard let had = known.said?.tier else { return false }
      return had > next && known.tier.map { $0 < had } ?? true
    }
    let highest = lower.compactMap(\.said?.tier).max()
    let causes = lower.filter { $0.said?.tier == highest }.map { $0.tier == nil ? $0.cause : .subscription }
    if let cause = causes.first(where: { !$0.countsAtOnce }) ?? causes.first { return cause }
    // It was appended already that it ended.
    return lastCause(above: next)
  }
}
