extension BillingFollowing {
  /// Anew whenever anything but the number of the facts has changed. Of one that is held back nothing.
  mutating func saySubscriptions() {
    for known in subscriptions where !known.isHeldBack {
      let changed = known.changed(of: facts.accountID, in: facts.catalogue)
      guard !changed.saysTheSame(as: billing.subscriptions[known.id]) else { continue }
      say(.subscriptionChanged(changed))
    }
  }

  /// Once for each stretch in which it was said to entitle. Last that whose cause is the account's (``Billing/tier(by:over:)``): of the highest,
  /// and of several such one that ended in good order.
  mutating func sayEnds() {
    let remaining = subscriptions.compactMap(\.tier).max() ?? .free
    let ended = subscriptions.compactMap { known -> SubscriptionEnded? in
      guard let from = known.said?.tier, from > .free, known.tier == nil else { return nil }
      return SubscriptionEnded(
        accountID: facts.accountID, subscription: known.id, fromTier: from, toTier: remaining, cause: known.cause,
        isPaused: known.status.word == "paused" ? true : nil)
    }
    for end in ended.sorted(by: { $0.place < $1.place }) { say(.subscriptionEnded(end)) }
  }
}

extension SubscriptionChanged {
  /// Whether it says what was said already, of however many facts.
  func saysTheSame(as other: SubscriptionChanged?) -> Bool {
    guard var other else { return false }
    other.facts = facts
    return self == other
  }
}

extension SubscriptionEnded {
  fileprivate var place: (Tier, Int, String) { (fromTier, cause.countsAtOnce ? 0 : 1, subscription) }
}
