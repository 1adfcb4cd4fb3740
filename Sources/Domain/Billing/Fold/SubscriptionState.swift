extension FoldedSubscription {
  /// Whether what Stripe has is the same by the rules (R2, R3).
  package func isAs(_ facts: SubscriptionFacts) -> Bool {
    if SubscriptionRecord.isOver(state) { return SubscriptionRecord.isOver(facts) }
    return SubscriptionState(state) == SubscriptionState(facts)
  }
}

/// What makes two states of a subscription the same: what rules move it by, without what another API version may leave out (why it was canceled), and
/// what follows from a price and may be described anew without any change of the subscription.
struct SubscriptionState: Sendable, Hashable {
  private let facts: SubscriptionFacts

  /// Of its facts.
  init(_ facts: SubscriptionFacts) {
    var facts = facts
    facts.cancellationReason = nil
    facts.created = nil
    for place in facts.items.indices {
      facts.items[place].product = nil
      facts.items[place].tier = nil
    }
    self.facts = facts
  }
}
