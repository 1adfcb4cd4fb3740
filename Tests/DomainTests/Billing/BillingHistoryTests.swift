import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Random histories, followed step by step or in one leap.
@Suite struct BillingHistoryTests {
  /// What may be said once in a life, by what it is about.
  private static func once(_ event: Billing.Event) -> String? {
    switch event {
    case .paymentFailed(let failed): "failed \(failed.attempt) \(failed.invoice)"
    case .paymentActionRequired(let action): "action \(action.invoice)"
    case .paymentRecovered(let recovered): "recovered \(recovered.invoice)"
    case .refundRecorded(let refund): "refund \(refund.refund) \(refund.status)"
    case .disputeOpened(let dispute): "opened \(dispute.dispute)"
    case .disputeClosed(let dispute): "closed \(dispute.dispute)"
    case .tierChangeReminded(let reminder): "reminded \(reminder.subscription) \(reminder.toTier) \(reminder.at)"
    case .upgradeExpired(let expired): "expired \(expired.subscription) \(expired.at)"
    // Told again of another stretch.
    case .attentionNeeded(let need) where need.attention != .pastDueTooLong: "\(need.attention) \(need.subject)"
    default: nil
    }
  }

  /// What was said, without how often it was looked at.
  private static func state(_ scene: BillingScene) -> [SubscriptionChanged] {
    scene.billing.subscriptions.values.sorted { $0.subscription < $1.subscription }.map {
      var said = $0
      said.facts = 0
      return said
    }
  }

  @Test(arguments: 0..<120) func stepByStepOrInOneLeapComesToTheSameAndSaysNothingTwice(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    var stepped = BillingScene()
    var said: [Billing.Event] = []
    for _ in 0..<40 {
      stepped.move(using: &random)
      // Killed before it was appended, or another process was first: what is decided once more is the same.
      let lost = try stepped.billing.decide(.follow(stepped.facts))
      let events = try stepped.follow()
      #expect(lost == events)
      said += events
      if random.below(3) == 0 { #expect(try stepped.follow().isEmpty) }
    }
    stepped.settle()
    said += try stepped.follow()
    #expect(try stepped.follow().isEmpty)

    var leapt = BillingScene()
    (leapt.customer, leapt.now) = (stepped.customer, stepped.now)
    try leapt.follow()
    #expect(try leapt.follow().isEmpty)
    #expect(leapt.account.tier == stepped.account.tier)
    #expect(Self.state(leapt).map(\.withoutAccount) == Self.state(stepped).map(\.withoutAccount))
    #expect(
      Set(leapt.billing.invoices.values.map(\.withoutAccount))
        == Set(stepped.billing.invoices.values.map(\.withoutAccount)))
    #expect(leapt.billing.scheduled.mapValues(\.toTier) == stepped.billing.scheduled.mapValues(\.toTier))

    let notices = said.compactMap(Self.once)
    #expect(Set(notices).count == notices.count)
    #expect(try Billing(said).decide(.follow(stepped.facts)).isEmpty, "all of it is in its events")
  }

  /// A mail of an end is said of what was said to run, and of nothing twice in a row.
  @Test(arguments: 0..<60) func anEndIsSaidOnceForEachStretch(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) + 1_000)
    var scene = BillingScene()
    var runs: Set<String> = []
    for _ in 0..<60 {
      scene.move(using: &random)
      for event in try scene.follow() {
        switch event {
        case .subscriptionChanged(let changed) where changed.tier != nil: runs.insert(changed.subscription)
        case .subscriptionEnded(let ended): #expect(runs.remove(ended.subscription) != nil)
        default: break
        }
      }
      let entitled = scene.billing.subscriptions.values.filter { $0.tier != nil }
      #expect(runs == Set(entitled.map(\.subscription)))
    }
  }

  /// Whoever looks again when it says so misses nothing that only time brings.
  @Test(arguments: 0..<60) func nothingFollowsFromTimeAloneBeforeTheNextLook(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) + 2_000)
    var scene = BillingScene()
    for _ in 0..<30 { scene.move(using: &random) }
    let early = scene.billing.nextLook(at: scene.facts)
    try scene.follow()
    #expect(scene.billing.nextLook(at: scene.facts) == early, "before what follows is appended and after")
    guard let look = early else {
      #expect(try scene.follow(after: .days(400)).isEmpty)
      return
    }
    scene.now = look - .milliseconds(1)
    #expect(try scene.follow().isEmpty)
    scene.now = look
    #expect(try !scene.follow().isEmpty)
  }
}

extension SubscriptionChanged {
  fileprivate var withoutAccount: SubscriptionChanged {
    var other = self
    other.accountID = UUID(uuidString: "00000000-0000-0000-0000-000000000000") ?? UUID()
    return other
  }
}

extension InvoiceRecorded {
  fileprivate var withoutAccount: String { "\(invoice) \(status) \(amountPaid) \(attemptCount)" }
}

extension BillingScene {
  private static let ids = ["sub_1", "sub_2"]
  private static let statuses = [
    "incomplete", "active", "active", "active", "past_due", "past_due", "unpaid", "paused", "trialing", "odd",
  ]

  /// Something happens at Stripe, which never opens again what is over.
  fileprivate mutating func move(using random: inout SplitMix) {
    now = now + random.pick([Duration.seconds(1), .seconds(30), .minutes(2), .days(1), .days(11)])
    let id = random.pick(Self.ids)
    let invoice = "in_\(random.below(5))"
    switch random.below(15) {
    case 0: if customer.subscriptions[id] == nil { put(Self.subscription(id, "price_pro", status: "incomplete")) }
    case 1...4: if !isOver(id) { turn(id, to: random.pick(Self.statuses)) }
    case 5:
      if !isOver(id), random.below(4) == 0 { turn(id, to: "canceled", because: random.pick(["payment_failed", nil])) }
    case 6: price(id, random.pick(["price_pro", "price_business", "price_unknown"]))
    case 7:
      let end = random.pick([nil, now + .days(2), now + .days(20)])
      turn(id) { $0.state.cancelAt = end }
    case 8:
      let needsFetch = random.below(2) == 0
      turn(id) { $0.needsFetch = needsFetch }
    case 9: if isOpen(invoice) { fail(invoice, isLast: random.below(3) == 0) }
    case 10: if isOpen(invoice) { pay(invoice) }
    case 11: if isOpen(invoice), random.below(3) == 0 { askForAction(invoice) }
    case 12: dispute(random.pick(["needs_response", "lost"]))
    case 13:
      let now = now
      turn(id) { $0.updateExpiredAt = now }
    default: customer.refunds["re_1"] = customer.refunds["re_1"] ?? refund(random.pick(["pending", "succeeded"]))
    }
  }

  private func isOver(_ id: String) -> Bool { customer.subscriptions[id]?.state.status == "canceled" }
  private func isOpen(_ id: String) -> Bool { customer.invoices[id].map { $0.state.status == "open" } ?? true }

  private mutating func price(_ id: String, _ price: String) {
    turn(id) {
      $0.state.items = [Self.item(price)]
      $0.everHeld += $0.state.items
    }
  }

  private mutating func dispute(_ status: String) {
    guard customer.disputes["dp_1"]?.status != "lost" else { return }
    customer.disputes["dp_1"] = DisputeFacts(
      status: status, amount: 900, currency: "usd", reason: nil, charge: "ch_1", paymentIntent: nil)
  }

  private func refund(_ status: String) -> RefundFacts {
    RefundFacts(status: status, amount: 900, currency: "usd", charge: "ch_1", paymentIntent: nil)
  }

  /// Stripe was asked of all that did not fit together.
  fileprivate mutating func settle() { for id in Self.ids { turn(id) { $0.needsFetch = false } } }
}
