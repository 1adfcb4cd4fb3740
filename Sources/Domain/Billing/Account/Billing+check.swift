package import struct Foundation.UUID

/// For whoever holds what was said of money against the facts that it is to follow from.
extension Billing {
  /// What facts lead to of a subscription after what was said of it so far: none where nothing is known of it or what is known is held back, two where
  /// it is past due, for whether that has lasted too long is told by the clock of whoever says it.
  package func leads(
    of subscription: String, from customer: StripeCustomer, in catalogue: BillingCatalogue, to account: UUID
  ) -> [SubscriptionChanged] {
    known(subscription, customer, catalogue).filter { !$0.isHeldBack }.map { $0.changed(of: account, in: catalogue) }
  }

  /// Whether these facts leave nothing to be said of a subscription, by any clock.
  package func hasSaidAll(
    of subscription: String, from customer: StripeCustomer, in catalogue: BillingCatalogue, to account: UUID
  ) -> Bool {
    known(subscription, customer, catalogue).contains { known in
      known.isHeldBack || known.changed(of: account, in: catalogue).saysTheSame(as: subscriptions[subscription])
    }
  }

  private func known(
    _ subscription: String, _ customer: StripeCustomer, _ catalogue: BillingCatalogue
  ) -> [KnownSubscription] {
    guard let mode = customer.mode, let id = customer.customer, let folded = customer.subscriptions[subscription] else {
      return []
    }
    let clocks: [Instant] = folded.pastDueSince == nil ? [.epoch] : [.distantPast, .distantFuture]
    return clocks.map { now in
      KnownSubscription(
        folded: folded, customer: customer, mode: mode, customerID: id, said: subscriptions[subscription],
        held: KnownSubscription.held(by: folded, in: catalogue), now: now)
    }
  }

  /// What the account is subscribed to by what was said of one side's subscriptions, with why it changes to that; nil: it never subscribed. What
  /// ``tier(by:over:)`` comes to once all that follows from the facts is said.
  ///
  /// - Parameter tier: what the account was said to pay for before.
  package func saidTier(on side: StripeMode, over tier: Tier) -> SubscribedTier? {
    guard hasSubscribed else { return nil }
    let next = subscriptions.values.filter { $0.side == side }.compactMap(\.tier).max() ?? .free
    return SubscribedTier(tier: next, cause: next < tier ? lastCause(above: next) : .subscription)
  }

  /// Whether money is taken for it: a key of test mode takes nothing from such an account.
  package var isPaidFor: Bool { subscriptions.values.contains { $0.livemode && !$0.isOver } }

  /// Why less than it was is left, by what was told last of an end.
  func lastCause(above next: Tier) -> TierChanged.Cause {
    lastEnd.map { $0.fromTier > next ? $0.cause : .subscription } ?? .subscription
  }
}

extension SubscriptionChanged {
  /// Of the Stripe account whose it is.
  package var side: StripeMode { StripeMode(stripeAccount: stripeAccount, livemode: livemode) }
}
