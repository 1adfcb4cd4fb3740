import EventLog
import Foundation
import Postgres
import TestDatabase

@testable import Application
@testable import Domain
@testable import Server

/// What is said of the money of an account, without Stripe.
struct Sold: Sendable {
  let account: UUID

  func subscription(
    _ status: String = "active", _ tier: Tier? = .pro, id: String = "sub_1", until end: Instant? = nil
  ) -> SubscriptionChanged {
    SubscriptionChanged(
      accountID: account, stripeAccount: "acct_1", livemode: false, customer: "cus_1", subscription: id,
      status: status, tier: tier, prices: ["price_1"], periodStart: nil, periodEnd: end, endsAt: nil,
      pastDueSince: nil, isCollectionPaused: false, cancellationReason: nil, facts: 3)
  }

  func invoice(_ id: String, _ status: String = "paid", created: Instant) -> InvoiceRecorded {
    InvoiceRecorded(
      accountID: account, stripeAccount: "acct_1", livemode: false, customer: "cus_1", invoice: id, number: "A-1",
      subscription: "sub_1", status: status, currency: "usd", total: 900, amountDue: 900,
      amountPaid: status == "paid" ? 900 : 0, tax: nil, attemptCount: 1, nextPaymentAttempt: nil,
      billingReason: "subscription_cycle", created: created, periodStart: nil, periodEnd: nil)
  }
}

extension Service {
  /// Lets something be known of an account's money.
  func say(_ facts: any EventData..., of account: UUID) async throws {
    let stream = test.stream(ofAccount: account)
    _ = try await test.log.append(try test.units(facts, on: stream), shard: stream.shard)
    try await catchUp()
  }
}

/// An account's money where billing is set up, as pages are given it.
struct SoldHere {
  var account = ListedAccount(
    id: UUID(), name: "ours", tier: .free, monthlyQuota: 1_000, granted: AccountGrant(), openedAt: 0, closedAt: nil,
    isDemo: false)
  var subscriptions: [ListedSubscription] = []
  var owed: [ListedInvoice] = []
  var origin: TierOrigin?
  var invoices: [MeteredInvoice] = []
  var sold: [Tier] = [.pro, .business]
  var tax: TaxBehavior?
  let now = Instant("2026-11-28T09:00:00Z") ?? .epoch

  private var asOf: AsOf { AsOf(position: 7, time: now, logPosition: 7) }

  var billing: AccountBilling {
    AccountBilling(
      account: account, mode: StripeMode(stripeAccount: "acct_1", livemode: true), isSetUp: true, sold: sold,
      answered: Answered(BillingState(subscriptions: subscriptions, owed: owed, origin: origin), asOf), now: now,
      tax: tax)
  }

  func tenant(_ role: Account.Role) -> Tenant {
    Tenant(Membership(account: account, role: role), among: [], at: now)
  }

  /// The page as somebody sees it.
  func page(_ role: Account.Role = .owner, chosen: Tier? = nil) throws -> String {
    let answers = BillingView.Answers(
      usage: nil, months: AccountMonths(of: account, now: now), billing: billing,
      invoices: Answered(Page(entries: invoices, next: nil), asOf), isSetUp: true,
      isSupported: true, now: now)
    return try Self.html("billing/billing", BillingView(tenant(role), answers, chosen: chosen))
  }

  static func html(_ template: String, _ view: any Sendable) throws -> String {
    try Templates.ofProgram.get().render(template, Shown(page: view))
  }

  /// A page without anything around it.
  private struct Shown: Sendable {
    let page: any Sendable
  }

  func subscription(
    _ status: String = "active", _ tier: Tier? = .pro, id: String = "sub_1", endsAt: Instant? = nil,
    scheduled: Tier? = nil
  ) -> ListedSubscription {
    ListedSubscription(
      id: id, livemode: true, customer: "cus_1", status: status, tier: tier, periodStart: now - .days(10),
      periodEnd: now + .days(20), endsAt: endsAt, pastDueSince: status == "past_due" ? now - .days(2) : nil,
      isCollectionPaused: false, cancellationReason: nil,
      scheduled: scheduled.map { .init(tier: $0, at: now + .days(20)) }, position: 9, changedAt: now)
  }

  func invoice(
    _ id: String, _ status: String = "open", number: String? = "A-1", currency: String = "usd", tax: Int64? = nil
  ) -> ListedInvoice {
    ListedInvoice(
      id: id, number: number, subscription: "sub_1", status: status, currency: currency, total: 900, amountDue: 900,
      amountPaid: status == "paid" ? 900 : 0, tax: tax, attempts: 1, nextAttempt: nil, reason: nil,
      created: now - .days(3), periodStart: nil, periodEnd: nil, failedAt: nil, actionRequiredAt: nil,
      recoveredAt: nil, refunded: 0, dispute: nil)
  }
}
