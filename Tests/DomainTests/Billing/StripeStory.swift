import struct Foundation.UUID

@testable import Domain

extension StripeFacts {
  init(_ facts: SubscriptionFacts) {
    self.init()
    subscription = facts
  }

  init(_ facts: InvoiceFacts) {
    self.init()
    invoice = facts
  }

  init(deleted: Bool) {
    self.init()
    customer = CustomerFacts(deleted: deleted, account: nil)
  }
}

extension SubscriptionFacts {
  /// One of a few prices, in one of its periods.
  static func of(
    _ status: String = "active", price: String = "price_pro", period: Int = 0, cancelAt: Instant? = nil,
    endsWithPeriod: Bool = false
  ) -> SubscriptionFacts {
    SubscriptionFacts(
      status: status,
      items: [
        Item(
          price: price, product: "prod_1", quantity: 1, tier: nil, periodStart: .second(period * 1_000),
          periodEnd: .second(period * 1_000 + 1_000))
      ], cancelAt: cancelAt, cancelAtPeriodEnd: endsWithPeriod, pauseCollection: nil, trialEnd: nil,
      latestInvoice: "in_\(period)", schedule: nil, cancellationReason: nil, created: .second(1))
  }
}

extension InvoiceFacts {
  static func of(_ status: String, attempts: Int = 0, next: Instant? = nil, paid: Int = 0) -> InvoiceFacts {
    InvoiceFacts(
      status: status, subscription: "sub_1", number: nil, currency: "usd", total: 900, amountDue: 900, amountPaid: paid,
      tax: nil, attemptCount: attempts, nextPaymentAttempt: next, billingReason: "subscription_cycle",
      created: .second(1), periodStart: nil, periodEnd: nil)
  }
}

extension Instant {
  /// Seconds after a day of 2026.
  static func second(_ number: Int) -> Instant { Instant(milliseconds: 1_795_000_000_000 + Int64(number) * 1_000) }
}

extension StripeEventReceived {
  /// Of one customer. Request and data are told apart by what they are of, unless said.
  static func event(
    _ id: String, _ type: String, of object: String, at second: Int, _ facts: StripeFacts,
    from prior: StripeFacts? = nil,
    request: String? = nil
  ) -> StripeEventReceived {
    StripeEventReceived(
      stripeAccount: "acct_1", livemode: false, eventID: "evt_" + id, eventType: type, apiVersion: "2026-10-28.endive",
      created: .second(second), requestID: request ?? "req_" + id, objectID: object, customer: "cus_1",
      subscription: facts.subscription == nil ? nil : object, facts: facts, prior: prior,
      dataSHA: "\(facts.hashValue) \(prior.hashValue)", bodySealed: "", bodySHA: id)
  }

  static func created(
    _ id: String, at second: Int = 0, of object: String = "sub_1", _ state: SubscriptionFacts
  ) -> StripeEventReceived {
    event(id, "customer.subscription.created", of: object, at: second, StripeFacts(state))
  }

  static func updated(
    _ id: String, at second: Int = 0, of object: String = "sub_1", _ prior: SubscriptionFacts,
    _ state: SubscriptionFacts,
    request: String? = nil
  ) -> StripeEventReceived {
    event(
      id, "customer.subscription.updated", of: object, at: second, StripeFacts(state), from: StripeFacts(prior),
      request: request)
  }

  static func deleted(
    _ id: String, at second: Int = 0, of object: String = "sub_1", _ state: SubscriptionFacts
  ) -> StripeEventReceived {
    event(id, "customer.subscription.deleted", of: object, at: second, StripeFacts(state))
  }

  /// Such as `paused`: without what was before.
  static func witness(_ id: String, _ word: String, at second: Int = 0, _ state: SubscriptionFacts)
    -> StripeEventReceived
  {
    event(id, "customer.subscription." + word, of: "sub_1", at: second, StripeFacts(state))
  }

  static func invoice(
    _ id: String, _ word: String, at second: Int = 0, _ invoice: InvoiceFacts
  ) -> StripeEventReceived {
    event(id, "invoice." + word, of: "in_1", at: second, StripeFacts(invoice))
  }

  /// The same under another id.
  func twin(_ id: String) -> StripeEventReceived {
    var twin = self
    twin.eventID = "evt_" + id
    return twin
  }
}

extension StripeObjectFetched {
  static func answer(
    _ state: SubscriptionFacts, knowing events: [String], at second: Int, of object: String = "sub_1"
  ) -> StripeObjectFetched {
    StripeObjectFetched(
      stripeAccount: "acct_1", livemode: false, objectID: object, customer: "cus_1", subscription: object,
      facts: StripeFacts(state), knownEvents: events, answeredAt: .second(second), requestID: "req_get",
      apiVersion: nil, bodySealed: "", bodySHA: "\(state) \(second)")
  }
}

extension StripeCustomer {
  /// Folded as they came.
  init(received events: [StripeEventReceived]) { self.init(events.map(Event.received)) }

  /// The one subscription that most of these stories are of.
  var one: FoldedSubscription? { subscriptions["sub_1"] }

  /// All that others may read of it.
  struct Seen: Equatable {
    let mode: StripeMode?
    let customer: String?
    let accountID: UUID?
    let isDeleted: Bool
    let subscriptions: [String: FoldedSubscription]
    let invoices: [String: FoldedInvoice]
    let payments: [InvoicePaymentFacts]
    let sessions: [String: SessionFacts]
    let refunds: [String: RefundFacts]
    let disputes: [String: DisputeFacts]
    let warnings: [String: WarningFacts]
    let schedules: [String: ScheduleFacts]
    let charges: [String: ChargeFacts]
    let events: Set<String>
  }

  var seen: Seen {
    Seen(
      mode: mode, customer: customer, accountID: accountID, isDeleted: isDeleted, subscriptions: subscriptions,
      invoices: invoices, payments: payments, sessions: sessions, refunds: refunds, disputes: disputes,
      warnings: warnings, schedules: schedules, charges: charges, events: events)
  }
}

extension Array {
  /// All orders of its elements.
  var orders: [[Element]] {
    guard count > 1 else { return [self] }
    return indices.flatMap { place in
      var rest = self
      let first = rest.remove(at: place)
      return rest.orders.map { [first] + $0 }
    }
  }
}
