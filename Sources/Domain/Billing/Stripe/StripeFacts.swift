/// The few fields of an object of Stripe's that rules read. None of them names a person: all else of the object is sealed.
///
/// Exactly one member is there; JSON has it alone, such as `{"invoice": {…}}`. Read of a body by ``StripeBody``, whatever its API version.
package struct StripeFacts: Codable, Sendable, Hashable {
  package var subscription: SubscriptionFacts?
  package var invoice: InvoiceFacts?
  package var payment: InvoicePaymentFacts?
  package var session: SessionFacts?
  package var charge: ChargeFacts?
  package var refund: RefundFacts?
  package var dispute: DisputeFacts?
  package var warning: WarningFacts?
  package var customer: CustomerFacts?
  package var schedule: ScheduleFacts?

  /// Of nothing yet: set one member.
  package init() {}
}

/// A subscription, normalised so that two API versions of one state are equal.
package struct SubscriptionFacts: Codable, Sendable, Hashable {
  /// An open enum: `active`, `past_due`, …
  package var status: String
  /// In order of their prices.
  package var items: [Item]
  /// When it ends; nil: it runs on.
  package var cancelAt: Instant?
  package var cancelAtPeriodEnd: Bool
  /// The behaviour of a paused collection, such as `void`.
  package var pauseCollection: String?
  package var trialEnd: Instant?
  /// `in_…`
  package var latestInvoice: String?
  /// `sub_sched_…`
  package var schedule: String?
  /// Why it was canceled: `cancellation_requested`, `payment_failed`, `payment_disputed`.
  package var cancellationReason: String?
  /// When it began, as Stripe says.
  package var created: Instant?

  /// What is subscribed to.
  package struct Item: Codable, Sendable, Hashable {
    package var price: String
    package var product: String?
    package var quantity: Int
    /// By the price's metadata, `recount_tier`.
    package var tier: String?
    package var periodStart: Instant?
    package var periodEnd: Instant?
  }
}

/// An invoice. Amounts are in minor units of its currency.
package struct InvoiceFacts: Codable, Sendable, Hashable {
  /// draft, open, uncollectible, void, paid.
  package var status: String
  package var subscription: String?
  package var number: String?
  package var currency: String
  package var total: Int
  package var amountDue: Int
  package var amountPaid: Int
  package var tax: Int?
  package var attemptCount: Int
  /// Nil: Stripe will not try again.
  package var nextPaymentAttempt: Instant?
  /// `subscription_create`, `subscription_cycle`, `subscription_update`, …
  package var billingReason: String?
  package var created: Instant
  package var periodStart: Instant?
  package var periodEnd: Instant?
}

/// Which payment paid which invoice.
package struct InvoicePaymentFacts: Codable, Sendable, Hashable {
  package var invoice: String
  package var paymentIntent: String?
  package var charge: String?
  package var status: String
}

/// A checkout session.
package struct SessionFacts: Codable, Sendable, Hashable {
  /// open, expired, complete.
  package var status: String
  package var paymentStatus: String?
  package var subscription: String?
  /// The account that we opened it for: `client_reference_id`.
  package var account: String?
}

/// A charge, as `charge.refunded` has it.
package struct ChargeFacts: Codable, Sendable, Hashable {
  package var paymentIntent: String?
  package var amount: Int
  package var amountRefunded: Int
  package var currency: String
  package var refunded: Bool
}

/// A refund.
package struct RefundFacts: Codable, Sendable, Hashable {
  /// pending, requires_action, succeeded, canceled, failed.
  package var status: String
  package var amount: Int
  package var currency: String
  package var charge: String?
  package var paymentIntent: String?
}

/// A dispute.
package struct DisputeFacts: Codable, Sendable, Hashable {
  package var status: String
  package var amount: Int
  package var currency: String
  package var reason: String?
  package var charge: String?
  package var paymentIntent: String?
}

/// An early fraud warning.
package struct WarningFacts: Codable, Sendable, Hashable {
  package var charge: String?
  package var paymentIntent: String?
  package var actionable: Bool
}

/// A customer: who it is stays sealed.
package struct CustomerFacts: Codable, Sendable, Hashable {
  package var deleted: Bool
  /// The account that we made it for, by our metadata.
  package var account: String?
}

/// What is scheduled for a subscription.
package struct ScheduleFacts: Codable, Sendable, Hashable {
  /// not_started, active, completed, released, canceled.
  package var status: String
  package var subscription: String?
  /// The phases' beginnings and first prices, in order.
  package var phases: [Phase]

  /// One of them.
  package struct Phase: Codable, Sendable, Hashable {
    package var start: Instant
    package var end: Instant?
    package var prices: [String]
  }
}
