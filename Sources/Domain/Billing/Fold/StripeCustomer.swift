package import struct Foundation.UUID

/// A customer at Stripe, folded from the facts about it. Stream: ``StripeStream``. Pure: the same facts in any order, repeated, come to the same.
package struct StripeCustomer: Sendable {
  /// Nil before the first fact.
  package internal(set) var mode: StripeMode?
  /// `cus_…`; nil of a payment whose customer is not known yet.
  package internal(set) var customer: String?
  /// The account whose customer it is; nil until it is linked.
  package internal(set) var accountID: UUID?
  /// Stripe has deleted it: its subscriptions count as canceled.
  package internal(set) var isDeleted = false
  /// By `sub_…`.
  package internal(set) var subscriptions: [String: FoldedSubscription] = [:]
  /// By `in_…`, `pi_…` of payments, `cs_…`, `re_…`, `dp_…`, `issfr_…`, `sub_sched_…`, `ch_…`.
  package internal(set) var invoices: [String: FoldedInvoice] = [:]
  package internal(set) var payments: [InvoicePaymentFacts] = []
  package internal(set) var sessions: [String: SessionFacts] = [:]
  package internal(set) var refunds: [String: RefundFacts] = [:]
  package internal(set) var disputes: [String: DisputeFacts] = [:]
  package internal(set) var warnings: [String: WarningFacts] = [:]
  package internal(set) var schedules: [String: ScheduleFacts] = [:]
  package internal(set) var charges: [String: ChargeFacts] = [:]
  /// The ids of the events taken in, `evt_…`.
  package internal(set) var events: Set<String> = []
  /// What subscriptions fold from, by `sub_…`.
  var histories: [String: SubscriptionHistory] = [:]
  /// What is known of each payment of an invoice, by `inpay_…`.
  var invoicePayments: [String: InvoicePaymentFacts] = [:]
  /// How high what is known of an object ranks, by its id.
  var ranks: [String: StripeRank] = [:]
  /// What the last GET of an object answered, by its id.
  var answers: [String: StripeAnswer] = [:]

  /// One that nothing is known of.
  package init() {}
}

/// What a subscription has come to (BILLING.md, R2 to R4).
package struct FoldedSubscription: Sendable, Equatable {
  package var id: String
  /// Of the surplus state: settled, or the best that is known.
  package var state: SubscriptionFacts
  /// An event is missing, or not here yet: one GET is asked for, and what it answers closes the events known by then.
  package var needsFetch: Bool
  /// The events known of it: what a GET asked for now would close.
  package var knownEvents: [String]
  /// The prices, products and tiers by metadata that it ever had, in the order of their ids: the highest of them is what an unknown price counts as.
  package var everHeld: [SubscriptionFacts.Item]
  /// Whether it was ever active, trialing or past due.
  package var wasEntitled: Bool
  /// Since when Stripe first said that it is past due, in this stretch of it; nil: it is not.
  package var pastDueSince: Instant?
  /// When Stripe gave up a change that waited for its payment; nil: it never did, or another came to be since.
  package var updateExpiredAt: Instant?
}

/// What an invoice has come to (R5).
package struct FoldedInvoice: Sendable, Equatable {
  package var id: String
  package var state: InvoiceFacts
  /// When its payment failed, as Stripe says, each time.
  package var failures: Set<Instant> = []
  /// Those of them after which Stripe does not try again.
  package var lastFailures: Set<Instant> = []
  /// When Stripe asked for somebody's action, each time.
  package var questions: Set<Instant> = []

  /// When its payment first failed; nil: it never did.
  package var firstFailedAt: Instant? { failures.min() }
  /// When it failed for the last time that Stripe tries; nil: Stripe will try again, or never failed.
  package var lastFailedAt: Instant? { lastFailures.max() }
  /// When Stripe first asked for somebody's action.
  package var actionRequiredAt: Instant? { questions.min() }
}
