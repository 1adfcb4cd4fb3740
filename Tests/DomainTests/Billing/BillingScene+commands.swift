import Foundation

@testable import Domain

/// What people ask.
extension BillingScene {
  func request(_ tier: Tier, livemode: Bool = true) -> CheckoutRequested {
    CheckoutRequested(
      accountID: id, stripeAccount: "acct_1", livemode: livemode, commandID: UUID(), tier: tier,
      price: "price_\(tier.rawValue)", requestedBy: UUID())
  }

  func opened(_ request: CheckoutRequested, _ session: String) -> CheckoutOpened {
    CheckoutOpened(
      accountID: id, commandID: request.commandID, customer: "cus_1", session: session, tier: request.tier,
      price: request.price, expiresAt: now + .hours(24))
  }

  func change(from: Tier, to: Tier, of subscription: String = "sub_1") -> TierChangeRequested {
    TierChangeRequested(
      accountID: id, commandID: UUID(), subscription: subscription, fromTier: from, toTier: to,
      price: "price_\(to.rawValue)", requestedBy: UUID(), prorationDate: to > from ? now : nil)
  }

  func cancellation(isLeaving: Bool = false) -> CancellationRequested {
    CancellationRequested(
      accountID: id, commandID: UUID(), subscription: "sub_1", requestedBy: UUID(), isLeaving: isLeaving)
  }

  func undoing(_ undone: SubscriptionChangeUndone.Undone) -> SubscriptionChangeUndone {
    SubscriptionChangeUndone(
      accountID: id, commandID: UUID(), subscription: "sub_1", requestedBy: UUID(), undoes: undone)
  }

  /// Stripe has a schedule that leads to a tier at the period's end.
  mutating func schedule(to tier: Tier, status: String = "active") {
    let present = customer.subscriptions["sub_1"]?.state.items.map(\.price) ?? []
    customer.schedules["sub_sched_1"] = ScheduleFacts(
      status: status, subscription: "sub_1",
      phases: [
        ScheduleFacts.Phase(start: Self.periodEnd - .days(30), end: Self.periodEnd, prices: present),
        ScheduleFacts.Phase(start: Self.periodEnd, end: nil, prices: ["price_\(tier.rawValue)"]),
      ])
  }
}

extension SessionFacts {
  static func closed(_ status: String) -> SessionFacts {
    SessionFacts(status: status, paymentStatus: "paid", subscription: "sub_1", account: nil)
  }
}
