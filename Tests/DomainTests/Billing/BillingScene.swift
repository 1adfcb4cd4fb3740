import Foundation
import TestDatabase

@testable import Domain

/// An account, its customers at Stripe as the facts have come to, and what follows from them: what the process manager does, without a log.
struct BillingScene {
  let id = UUID()
  var account: Account
  var billing = Billing()
  var customer = BillingScene.customer("cus_1")
  var others: [StripeCustomer] = []
  var catalogue = BillingScene.catalogue
  /// In November 2026.
  var now: Instant = 1_795_000_000_000

  static let mode = StripeMode(stripeAccount: "acct_1", livemode: true)
  static let periodEnd: Instant = 1_796_000_000_000

  static let catalogue: BillingCatalogue = {
    var catalogue = BillingCatalogue()
    let prices = [Tier.pro, .business].map { BillingCatalogueSet.Entry(id: "price_\($0.rawValue)", tier: $0) }
    let products = [Tier.pro, .business].map { BillingCatalogueSet.Entry(id: "prod_\($0.rawValue)", tier: $0) }
    catalogue.evolve(
      .set(BillingCatalogueSet(stripeAccount: "acct_1", livemode: true, prices: prices, products: products)))
    return catalogue
  }()

  init() {
    account = Account([.opened(AccountOpened(accountID: id, tier: .free, monthlyQuota: Tier.free.monthlyQuota))])
  }

  var facts: BillingFacts {
    BillingFacts(accountID: id, customers: [customer] + others, catalogue: catalogue, now: now)
  }
  /// What it may track this month.
  var quota: Int { account.quota.of(CalendarMonth(of: now)).live }

  /// Appends what follows, the account's own change of tier with it.
  @discardableResult
  mutating func follow() throws -> [Billing.Event] {
    let events = try billing.decide(.follow(facts))
    let subscribed = billing.tier(by: facts, over: account.tier)
    events.forEach { billing.evolve($0) }
    if let subscribed {
      let command = Account.Command.changeTier(subscribed.tier, because: subscribed.cause, at: now)
      try account.decide(command).forEach { account.evolve($0) }
    }
    return events
  }

  /// So much later.
  mutating func follow(after span: Duration) throws -> [Billing.Event] {
    now = now + span
    return try follow()
  }

  @discardableResult
  mutating func decide(_ command: Billing.Command) throws -> [Billing.Event] {
    let events = try billing.decide(command)
    events.forEach { billing.evolve($0) }
    return events
  }
}

/// What Stripe has come to.
extension BillingScene {
  static func customer(_ id: String) -> StripeCustomer {
    var customer = StripeCustomer()
    (customer.mode, customer.customer) = (mode, id)
    return customer
  }

  static func item(_ price: String, product: String? = nil, quantity: Int = 1, tier: String? = nil)
    -> SubscriptionFacts.Item
  {
    SubscriptionFacts.Item(
      price: price, product: product, quantity: quantity, tier: tier, periodStart: periodEnd - .days(30),
      periodEnd: periodEnd)
  }

  static func subscription(_ id: String, _ prices: String..., status: String = "active") -> FoldedSubscription {
    let items = prices.map { item($0) }
    return FoldedSubscription(
      id: id,
      state: SubscriptionFacts(
        status: status, items: items, cancelAt: nil, cancelAtPeriodEnd: false, pauseCollection: nil, trialEnd: nil,
        latestInvoice: nil, schedule: nil, cancellationReason: nil, created: 1_794_000_000_000),
      needsFetch: false, knownEvents: ["evt_1"], everHeld: items,
      wasEntitled: ["active", "trialing", "past_due"].contains(status),
      pastDueSince: nil)
  }

  static func invoice(_ id: String, of subscription: String? = "sub_1", _ status: String = "open") -> FoldedInvoice {
    let paid = status == "paid"
    return FoldedInvoice(
      id: id,
      state: InvoiceFacts(
        status: status, subscription: subscription, number: "A-1", currency: "usd", total: 900, amountDue: 900,
        amountPaid: paid ? 900 : 0, tax: nil, attemptCount: 1, nextPaymentAttempt: nil,
        billingReason: "subscription_cycle", created: 1_794_000_000_000, periodStart: nil, periodEnd: nil))
  }

  mutating func put(_ subscription: FoldedSubscription) { customer.subscriptions[subscription.id] = subscription }
  mutating func put(_ invoice: FoldedInvoice) { customer.invoices[invoice.id] = invoice }

  /// Changes what a subscription has come to.
  mutating func turn(_ id: String = "sub_1", _ change: (inout FoldedSubscription) -> Void) {
    guard var subscription = customer.subscriptions[id] else { return }
    change(&subscription)
    put(subscription)
  }

  /// Another status, with what goes with it.
  mutating func turn(_ id: String = "sub_1", to status: String, because reason: String? = nil) {
    let now = now
    turn(id) {
      $0.state.status = status
      $0.state.cancellationReason = reason
      $0.wasEntitled = $0.wasEntitled || ["active", "trialing", "past_due"].contains(status)
      $0.pastDueSince = status == "past_due" ? $0.pastDueSince ?? now : nil
    }
  }

  /// Changes what an invoice has come to.
  mutating func bill(_ id: String = "in_1", _ change: (inout FoldedInvoice) -> Void) {
    var invoice = customer.invoices[id] ?? Self.invoice(id)
    change(&invoice)
    put(invoice)
  }

  /// A payment fails now, and Stripe will try again or not.
  mutating func fail(_ id: String = "in_1", isLast: Bool = false) {
    let now = now
    bill(id) {
      $0.failures.insert(now)
      if isLast { $0.lastFailures.insert(now) }
      $0.state.nextPaymentAttempt = isLast ? nil : now + .days(3)
      $0.state.attemptCount += 1
    }
  }

  /// Stripe asks for somebody's action.
  mutating func askForAction(_ id: String = "in_1") {
    let now = now
    bill(id) { $0.questions.insert(now) }
  }

  mutating func pay(_ id: String = "in_1") {
    bill(id) {
      $0.state.status = "paid"
      $0.state.amountPaid = $0.state.amountDue
    }
  }

  /// One that runs, and is known to.
  static func running(_ tier: Tier = .pro) throws -> BillingScene {
    var scene = BillingScene()
    scene.put(subscription("sub_1", "price_\(tier.rawValue)"))
    try scene.follow()
    return scene
  }
}

extension [Billing.Event] {
  /// Their event types.
  var types: [String] { map { type(of: $0.data).kind.type } }
  /// Those that people are told of.
  var notices: [String] {
    let told = [
      "payment_failed", "payment_action_required", "payment_recovered", "subscription_ended", "tier_change_reminded",
    ]
    return types.filter { told.contains($0) }
  }
  var attention: [BillingAttentionNeeded.Attention] {
    compactMap { if case .attentionNeeded(let need) = $0 { need.attention } else { nil } }
  }
  var ends: [SubscriptionEnded] { compactMap { if case .subscriptionEnded(let ended) = $0 { ended } else { nil } } }
  var failures: [PaymentFailed] { compactMap { if case .paymentFailed(let failed) = $0 { failed } else { nil } } }
  var scheduled: [TierChangeScheduled] {
    compactMap { if case .tierChangeScheduled(let change) = $0 { change } else { nil } }
  }
}
