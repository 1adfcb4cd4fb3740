import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Sequences that must come out right, by number, as far as they can be said in what the facts have come to. Those of payments stand apart.
@Suite struct BillingSequenceTests {
  @Test func sequence5DeletedThenCreatedThenActiveIsFreeWithoutAChange() throws {
    var scene = BillingScene()
    scene.put(BillingScene.subscription("sub_1", "price_pro", status: "canceled"))
    #expect(try scene.follow().notices.isEmpty)
    scene.turn {
      $0.wasEntitled = true
      $0.knownEvents += ["evt_2", "evt_3"]
    }
    #expect(try scene.follow().isEmpty)
    let subscribed = try #require(scene.billing.tier(by: scene.facts, over: scene.account.tier))
    let change = Account.Command.changeTier(subscribed.tier, because: subscribed.cause, at: scene.now)
    #expect(try scene.account.decide(change).isEmpty)
  }

  @Test func sequence9FreeByTheEventAndNeverByOurClock() throws {
    var scene = try BillingScene.running()
    scene.turn { $0.state.cancelAt = BillingScene.periodEnd }
    try scene.follow()
    scene.now = BillingScene.periodEnd + .days(7)
    #expect(try scene.follow().isEmpty)
    #expect(scene.account.tier == .pro)
    scene.turn(to: "canceled", because: "cancellation_requested")
    #expect(try scene.follow().ends.map(\.toTier) == [.free])
    #expect(scene.account.tier == .free)
    #expect(scene.quota == Tier.pro.monthlyQuota, "what was paid for stays until the month ends")
  }

  @Test func sequence10PaidAfterDeletedIsHistoryAndTheOperatorIsTold() throws {
    var scene = try BillingScene.running()
    scene.put(BillingScene.invoice("in_1"))
    scene.turn(to: "canceled", because: "payment_failed")
    try scene.follow()
    scene.pay()
    let events = try scene.follow()
    #expect(events.types == ["invoice_recorded", "billing_attention_needed"])
    #expect(events.attention == [.paidAfterEnd])
    #expect(scene.account.tier == .free)
    #expect(try scene.follow().isEmpty)
  }

  @Test func whatWasPaidWhileItRanIsNoPaymentAfterItsEnd() throws {
    var scene = try BillingScene.running()
    scene.put(BillingScene.invoice("in_1", "paid"))
    try scene.follow()
    scene.turn(to: "canceled", because: "cancellation_requested")
    #expect(try scene.follow().attention.isEmpty)
    var another = BillingScene()
    another.put(BillingScene.invoice("in_1", "paid"))
    another.put(BillingScene.subscription("sub_1", "price_pro", status: "canceled"))
    #expect(try another.follow().attention.isEmpty, "all that is known at once is no sign of the order")
  }

  @Test func sequence16TheTierIsAsTheSubscriptionSaysWhateverBecomesOfAnInvoice() throws {
    var scene = try BillingScene.running()
    for status in ["open", "uncollectible", "void"] {
      scene.bill { $0.state.status = status }
      #expect(try scene.follow().types == ["invoice_recorded"])
      #expect(scene.account.tier == .pro)
    }
  }

  @Test func sequence18AFirstPaymentThatNeedsActionGivesATierOnlyWhenActive() throws {
    var scene = BillingScene()
    scene.put(BillingScene.subscription("sub_1", "price_pro", status: "incomplete"))
    scene.fail()
    scene.askForAction()
    scene.bill { $0.state.billingReason = "subscription_create" }
    #expect(try scene.follow().notices.isEmpty)
    #expect(scene.account.tier == .free)
    scene.turn(to: "active")
    scene.pay()
    #expect(try scene.follow(after: .minutes(5)).notices.isEmpty)
    #expect(scene.account.tier == .pro)
  }

  @Test func sequence20PausedIsFreeUntilResumed() throws {
    var scene = try BillingScene.running()
    for _ in 0..<2 {
      scene.turn(to: "paused")
      let ends = try scene.follow().ends
      #expect(ends.map(\.cause) == [.subscription] && ends.map(\.isPaused) == [true], "its owners are told")
      #expect(scene.account.tier == .free)
      scene.turn(to: "active")
      #expect(try scene.follow().types == ["subscription_changed"])
      #expect(scene.account.tier == .pro)
    }
    scene.turn(to: "canceled")
    #expect(try scene.follow().ends.map(\.isPaused) == [nil])
  }

  @Test func sequence21APausedCollectionKeepsTheTier() throws {
    var scene = try BillingScene.running()
    scene.turn { $0.state.pauseCollection = "void" }
    #expect(try scene.follow().types == ["subscription_changed"])
    #expect(scene.billing.subscriptions["sub_1"]?.isCollectionPaused == true)
    #expect(scene.account.tier == .pro)
  }

  @Test func sequence24AnUnknownPriceTakesNothingFromWhoPaysForIt() throws {
    var scene = try BillingScene.running()
    scene.turn { $0.state.items = [BillingScene.item("price_new")] }
    let events = try scene.follow()
    #expect(events.types == ["subscription_changed", "billing_attention_needed"])
    #expect(events.attention == [.unknownPrice])
    #expect(scene.account.tier == .pro)
    #expect(try scene.follow().isEmpty)
  }

  @Test func anUnknownPriceThatNeverWasATierTouchesNoTierAtAll() throws {
    var scene = BillingScene()
    scene.put(BillingScene.subscription("sub_1", "price_new"))
    #expect(try scene.follow().attention == [.unknownPrice])
    #expect(scene.billing.tier(by: scene.facts, over: .business) == nil)
  }

  @Test func sequence26OfTwoItemsTheHigherCountsWhateverItsQuantity() throws {
    var scene = BillingScene()
    scene.put(BillingScene.subscription("sub_1", "price_business", "price_pro"))
    scene.turn { $0.state.items[1].quantity = 2 }
    try scene.follow()
    #expect(scene.account.tier == .business)
  }

  @Test func sequence27TwoThatArePaidGiveTheHigherAndTheOperatorIsTold() throws {
    var scene = try BillingScene.running()
    scene.put(BillingScene.subscription("sub_2", "price_business"))
    scene.turn("sub_2") { $0.state.created = 1_794_900_000_000 }
    let events = try scene.follow()
    #expect(events.attention == [.twoSubscriptions])
    #expect(scene.billing.attention == [Billing.Told("two_subscriptions", "sub_2")], "the younger is to be ended")
    #expect(scene.account.tier == .business)
    #expect(try scene.follow().isEmpty)
  }

  @Test func sequence28OneSessionThatCompletesTwiceIsClosedOnce() throws {
    var scene = BillingScene()
    let request = scene.request(.pro)
    try scene.decide(.requestCheckout(request))
    try scene.decide(.openedCheckout(scene.opened(request, "cs_1")))
    scene.customer.sessions["cs_1"] = .closed("complete")
    #expect(try scene.follow().types == ["checkout_closed"])
    #expect(scene.account.tier == .free, "a session grants nothing")
    #expect(try scene.follow().isEmpty)
    #expect(try scene.decide(.openedCheckout(scene.opened(request, "cs_1"))).isEmpty)
    #expect(try scene.follow().isEmpty)
  }

  @Test func sequence29OfTwoTheOtherIsLeftWhenOneIsDeleted() throws {
    var scene = try BillingScene.running(.business)
    scene.put(BillingScene.subscription("sub_2", "price_pro"))
    try scene.follow()
    scene.turn(to: "canceled", because: "cancellation_requested")
    let events = try scene.follow()
    #expect(events.ends.map(\.fromTier) == [.business])
    #expect(events.ends.map(\.toTier) == [.pro])
    #expect(scene.account.tier == .pro)
  }

  @Test(arguments: [true, false]) func sequence31ACustomerThatIsDeletedIsFreeAndKeepsItsInvoices(before: Bool) throws {
    var scene = BillingScene()
    scene.put(BillingScene.subscription("sub_1", "price_pro"))
    scene.put(BillingScene.invoice("in_1", "paid"))
    if !before { try scene.follow() }
    scene.customer.isDeleted = true
    let events = try scene.follow()
    #expect(events.attention == [.customerDeleted])
    #expect(scene.account.tier == .free)
    #expect(scene.billing.subscriptions["sub_1"]?.status == "canceled")
    #expect(scene.billing.invoices["in_1"]?.status == "paid")
    // The next checkout makes a new customer, whose subscription counts.
    var next = BillingScene.customer("cus_2")
    next.subscriptions["sub_2"] = BillingScene.subscription("sub_2", "price_business")
    scene.others = [next]
    try scene.follow()
    #expect(scene.account.tier == .business)
  }

  @Test func sequence32AFullRefundIsHistoryAndTheOperatorIsToldAndTheTierStays() throws {
    var scene = try BillingScene.running()
    scene.customer.payments = [InvoicePaymentFacts(invoice: "in_1", paymentIntent: "pi_1", charge: nil, status: "paid")]
    scene.customer.refunds["re_1"] = RefundFacts(
      status: "succeeded", amount: 900, currency: "usd", charge: nil, paymentIntent: "pi_1")
    let events = try scene.follow()
    #expect(events.types == ["refund_recorded", "billing_attention_needed"])
    #expect(events.attention == [.refunded])
    guard case .refundRecorded(let refund) = events[0] else { return }
    #expect(refund.invoice == "in_1")
    #expect(scene.account.tier == .pro)
    #expect(try scene.follow().isEmpty)
  }

  @Test func sequence33ADisputeThatIsLostAndCancelsIsFoundByThePaymentAndCountsAtOnce() throws {
    var scene = try BillingScene.running(.business)
    // No customer is in a dispute: it lies in the stream of its payment.
    var payment = StripeCustomer()
    payment.mode = BillingScene.mode
    payment.disputes["dp_1"] = DisputeFacts(
      status: "needs_response", amount: 2_900, currency: "usd", reason: "fraudulent", charge: "ch_1", paymentIntent: nil
    )
    scene.others = [payment]
    scene.customer.payments = [InvoicePaymentFacts(invoice: "in_1", paymentIntent: nil, charge: "ch_1", status: "paid")]
    let opened = try scene.follow()
    #expect(opened.types == ["dispute_opened", "billing_attention_needed"])
    guard case .disputeOpened(let dispute) = opened[0] else { return }
    #expect(dispute.invoice == "in_1")
    scene.others[0].disputes["dp_1"]?.status = "lost"
    scene.turn(to: "canceled", because: "payment_disputed")
    let lost = try scene.follow()
    #expect(lost.types == ["subscription_changed", "subscription_ended", "dispute_closed"])
    #expect(lost.ends.map(\.cause) == [.paymentDisputed])
    #expect(scene.account.tier == .free)
    #expect(scene.quota == Tier.free.monthlyQuota)
  }

  @Test func sequence50PastDueForEverIsFreeAfterThirtyDays() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    try scene.follow()
    #expect(try scene.follow(after: .days(29)).isEmpty)
    #expect(try scene.follow(after: .days(1)).notices == ["subscription_ended"])
    #expect(scene.account.tier == .free)
    #expect(scene.quota == Tier.free.monthlyQuota)
    #expect(try scene.follow(after: .days(300)).isEmpty)
    scene.turn(to: "canceled", because: "payment_failed")
    #expect(try scene.follow().notices.isEmpty, "that it ended was told")
  }

  @Test func sequence52GrantedProUntilMarchSubscribedToBusinessAndCanceledIsProUntilMarch() throws {
    var scene = BillingScene()
    let march = try #require(Instant(day: "2027-03-01"))
    let grant = Account.Command.grant(AccountGrant(tier: .pro, until: march), because: "a trial", at: scene.now)
    try scene.account.decide(grant).forEach { scene.account.evolve($0) }
    scene.put(BillingScene.subscription("sub_1", "price_business"))
    try scene.follow()
    #expect(scene.account.tier(at: scene.now) == .business)
    scene.turn(to: "canceled", because: "cancellation_requested")
    try scene.follow()
    #expect(scene.account.tier(at: scene.now) == .pro)
    #expect(scene.account.tier(at: march) == .free)
  }
}
