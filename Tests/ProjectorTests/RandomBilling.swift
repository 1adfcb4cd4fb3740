import EventLog
import Foundation
import TestDatabase

@testable import Domain

/// What can be said of the money of some accounts, in any order: a few subscriptions, invoices and payments, so that most of it is said of one
/// thing again and again.
struct RandomBilling {
  private let test: TestLog
  private var random: Seeded
  private var versions: [UUID: Int] = [:]

  init(_ test: TestLog, seed: Int) {
    self.test = test
    random = Seeded(seed &+ 41)
  }

  /// Appends some facts of an account in one append.
  mutating func append(_ account: UUID) async throws {
    let facts = (0..<Int.random(in: 1...3, using: &random)).map { _ in fact(account) }
    let version = versions[account, default: 0]
    versions[account] = version + facts.count
    let shard = test.log.shards.shard(of: account)
    let stream = StreamID(name: "billing-\(account.uuidString.lowercased())", shard: shard, accountID: account)
    _ = try await test.log.append(try test.units(facts, on: stream, after: version), shard: shard)
    if Int.random(in: 0..<4, using: &random) == 0 { try await link(account) }
  }

  /// On a shard of the customer's own.
  private mutating func link(_ account: UUID) async throws {
    let customer = UUID()
    let linked = BillingCustomerLinked(
      stripeAccount: "acct_1", livemode: live(), customer: "cus_\(number(2))", accountID: account)
    try await test.record(
      linked,
      on: StreamID(name: "stripe-acct_1-test-\(customer)", shard: test.log.shards.shard(of: customer)))
  }

  private mutating func fact(_ account: UUID) -> any EventData {
    switch Int.random(in: 0..<16, using: &random) {
    case 0..<4: subscription(account)
    case 4..<7: invoice(account)
    case 7, 8: schedule(account)
    case 9, 10: payment(account)
    case 11: refund(account)
    case 12, 13: dispute(account)
    case 14: upgrade(account)
    default: attention(account)
    }
  }

  private mutating func subscription(_ account: UUID) -> SubscriptionChanged {
    let status = pick(["active", "past_due", "unpaid", "incomplete", "canceled", "a_new_word"])
    return SubscriptionChanged(
      accountID: account, stripeAccount: "acct_1", livemode: live(), customer: "cus_\(number(2))",
      subscription: "sub_\(number(3))", status: status, tier: maybe(pick(Tier.allCases)), prices: ["price_1", "é"],
      periodStart: maybe(time()), periodEnd: maybe(time()), endsAt: maybe(time()), pastDueSince: maybe(time()),
      isCollectionPaused: Bool.random(using: &random), cancellationReason: maybe("payment_failed"), facts: number(99))
  }

  private mutating func invoice(_ account: UUID) -> InvoiceRecorded {
    InvoiceRecorded(
      accountID: account, stripeAccount: "acct_1", livemode: live(), customer: "cus_\(number(2))",
      invoice: "in_\(number(4))", number: maybe("A-1 \"é\""), subscription: maybe("sub_\(number(3))"),
      status: pick(["open", "paid", "void", "uncollectible"]), currency: pick(["usd", "jpy", "kwd"]),
      total: number(9_000) - 100, amountDue: number(9_000), amountPaid: number(9_000), tax: maybe(number(100)),
      attemptCount: number(4), nextPaymentAttempt: maybe(time()), billingReason: maybe("subscription_cycle"),
      created: time(), periodStart: maybe(time()), periodEnd: maybe(time()))
  }

  private mutating func schedule(_ account: UUID) -> TierChangeScheduled {
    let tier = maybe(pick(Tier.allCases))
    return TierChangeScheduled(
      accountID: account, subscription: "sub_\(number(3))", fromTier: .business, toTier: tier,
      at: tier == nil ? nil : maybe(time()))
  }

  private mutating func upgrade(_ account: UUID) -> any EventData {
    let subscription = "sub_\(number(3))"
    guard Int.random(in: 0..<3, using: &random) == 0 else {
      return UpgradeExpired(
        accountID: account, subscription: subscription, tier: .pro, toTier: maybe(.business), at: time())
    }
    return TierChangeRequested(
      accountID: account, commandID: UUID(), subscription: subscription, fromTier: .pro, toTier: .business,
      price: "price_1", requestedBy: UUID(), prorationDate: maybe(time()))
  }

  private mutating func payment(_ account: UUID) -> any EventData {
    let invoice = "in_\(number(4))"
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
      return PaymentFailed(
        accountID: account, invoice: invoice, currency: "usd", amountDue: 900, attemptCount: number(4),
        nextPaymentAttempt: maybe(time()), attempt: pick(PaymentFailed.Attempt.allCases))
    case 1: return PaymentActionRequired(accountID: account, invoice: invoice, currency: "usd", amountDue: 900)
    default: return PaymentRecovered(accountID: account, invoice: invoice, currency: "usd", amountPaid: 900)
    }
  }

  private mutating func refund(_ account: UUID) -> RefundRecorded {
    RefundRecorded(
      accountID: account, refund: "re_\(number(3))", status: pick(["pending", "succeeded", "failed"]),
      amount: number(900), currency: "usd", invoice: maybe("in_\(number(4))"))
  }

  private mutating func dispute(_ account: UUID) -> any EventData {
    let dispute = "dp_\(number(3))"
    guard Bool.random(using: &random) else {
      return DisputeClosed(accountID: account, dispute: dispute, status: pick(["won", "lost", "warning_closed"]))
    }
    return DisputeOpened(
      accountID: account, dispute: dispute, amount: number(900), currency: "usd", reason: maybe("fraudulent"),
      invoice: maybe("in_\(number(4))"))
  }

  private mutating func attention(_ account: UUID) -> any EventData {
    let kind = pick([BillingAttentionNeeded.Attention.refunded, .disputed])
    let subject = "re_\(number(2))"
    guard Bool.random(using: &random) else {
      return BillingAttentionResolved(accountID: account, attention: kind, subject: subject, reason: "looked at it")
    }
    return BillingAttentionNeeded(
      accountID: account, attention: kind, subject: subject, detail: "\(number(9)) went back")
  }

  private mutating func number(_ most: Int) -> Int { Int.random(in: 1...most, using: &random) }
  private mutating func live() -> Bool { Int.random(in: 0..<4, using: &random) > 0 }
  private mutating func time() -> Instant { RandomLog.time(using: &random).toSecond }
  private mutating func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }
}
