package import struct Foundation.UUID

/// What an account buys, and what it was told of it. Stream `billing-<account id>`, on the account's shard.
///
/// The process manager decides on it (``Command/follow(_:)``): what it says follows from the folded facts and from what it said before, so that a
/// crash or a second process says nothing twice.
package struct Billing: Decider {
  /// The checkout that is open, or being opened; nil: none.
  package internal(set) var checkout: Checkout?
  /// What was said of each subscription last.
  package internal(set) var subscriptions: [String: SubscriptionChanged] = [:]
  /// What was said of each invoice last.
  package internal(set) var invoices: [String: InvoiceRecorded] = [:]
  /// What is scheduled, by subscription.
  package internal(set) var scheduled: [String: TierChangeScheduled] = [:]
  /// What was said once and is not said again.
  package internal(set) var told: Set<Told> = []
  /// What waits for an operator.
  package internal(set) var attention: Set<Told> = []
  /// Whether Stripe has ever been said to sell this account anything: before that, its tier is none of ours.
  package internal(set) var hasSubscribed = false
  /// Pages where it can still be paid though another took their place: to be expired at Stripe.
  package internal(set) var superseded: Set<String> = []
  /// What was paid for on a page, while no subscription is known to come of it: another page would sell it twice.
  package internal(set) var paidCheckout: Checkout?
  /// What was asked of a subscription last, while Stripe does not say that it is so.
  package internal(set) var wishes: [String: Wish] = [:]
  /// Whose last payment is to be given back, by subscription.
  package internal(set) var refundRequests: [String: RefundRequested] = [:]
  /// The higher tier that was asked for last, by subscription, whatever became of it.
  var upgrades: [String: TierChangeRequested] = [:]
  /// The end that was told last, while nothing that entitles was said after it.
  var lastEnd: SubscriptionEnded?
  /// What was said to have gone back, by charge, of those whose refunds Stripe did not name.
  var refunded: [String: Int] = [:]

  /// Of an account that never bought anything.
  package init() {}

  /// A page of Stripe's where a tier can be paid for.
  package struct Checkout: Sendable, Equatable {
    package var request: CheckoutRequested
    /// Nil until Stripe has answered.
    package var opened: CheckoutOpened?
  }

  /// What a person asked of a subscription.
  package enum Wish: Sendable, Equatable {
    case change(TierChangeRequested)
    case cancel(CancellationRequested)
    case undo(SubscriptionChangeUndone)
  }

  /// Something that is said once: the event's type and what it is about, such as `payment_failed/first` of an invoice.
  package struct Told: Sendable, Hashable {
    package var what: String
    package var subject: String
    /// Of what and about what.
    package init(_ what: String, _ subject: String) { (self.what, self.subject) = (what, subject) }
  }

  /// What can be asked of it. Rights are decided before.
  package enum Command: Sendable {
    case requestCheckout(CheckoutRequested)
    case openedCheckout(CheckoutOpened)
    case changeTier(TierChangeRequested)
    case cancel(CancellationRequested)
    case undo(SubscriptionChangeUndone)
    /// What the facts have come to by now.
    case follow(BillingFacts)
    case need(BillingAttentionNeeded)
    case requestRefund(RefundRequested)
    case resolve(BillingAttentionResolved)
  }
}

/// All that an account's billing follows from, as it is known at a time.
package struct BillingFacts: Sendable {
  package var accountID: UUID
  /// The account's customers at Stripe, of the one configured mode.
  package var customers: [StripeCustomer]
  package var catalogue: BillingCatalogue
  package var now: Instant

  /// All of them.
  package init(accountID: UUID, customers: [StripeCustomer], catalogue: BillingCatalogue, now: Instant) {
    self.accountID = accountID
    self.customers = customers
    self.catalogue = catalogue
    self.now = now
  }
}

/// What follows for the account itself.
package struct SubscribedTier: Sendable, Equatable {
  package var tier: Tier
  package var cause: TierChanged.Cause

  /// A tier, and why it changes to that.
  package init(tier: Tier, cause: TierChanged.Cause) { (self.tier, self.cause) = (tier, cause) }
}
