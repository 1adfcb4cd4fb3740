import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Which tier a subscription gives (R7), and why it is less (R9).
@Suite struct BillingTierTests {
  @Test func whoNeverSubscribedKeepsWhatTheOperatorSet() throws {
    var scene = BillingScene()
    #expect(scene.billing.tier(by: scene.facts, over: .business) == nil)
    scene.put(BillingScene.subscription("sub_1", "price_pro", status: "incomplete"))
    #expect(scene.billing.tier(by: scene.facts, over: .business) == nil)
  }

  @Test func whoeverSubscribedOnceIsFreeWhenNothingIsLeftOfIt() throws {
    var scene = try BillingScene.running()
    // Such as when the other side of Stripe is configured: what was paid with a test card entitles nobody.
    scene.customer = BillingScene.customer("cus_2")
    #expect(scene.billing.tier(by: scene.facts, over: .pro) == SubscribedTier(tier: .free, cause: .subscription))
  }

  @Test(arguments: [
    ("active", Tier.pro), ("trialing", .pro), ("past_due", .pro), ("incomplete", .free), ("unpaid", .free),
    ("paused", .free), ("canceled", .free), ("incomplete_expired", .free),
  ]) func aStatusEntitlesOrNot(status: String, tier: Tier) throws {
    var scene = try BillingScene.running()
    scene.turn(to: status)
    try scene.follow()
    #expect(scene.account.tier == tier)
  }

  @Test(arguments: [
    ("unpaid", nil, TierChanged.Cause.unpaid), ("incomplete_expired", nil, .incompleteExpired),
    ("canceled", "payment_failed", .paymentFailed), ("canceled", "payment_disputed", .paymentDisputed),
    ("canceled", "cancellation_requested", .subscription), ("canceled", nil, .subscription),
    ("paused", nil, .subscription),
  ]) func aLoweringSaysWhyBeforeAndAfterItIsAppended(status: String, reason: String?, cause: TierChanged.Cause) throws {
    var scene = try BillingScene.running()
    scene.turn(to: status, because: reason)
    #expect(scene.billing.tier(by: scene.facts, over: .pro) == SubscribedTier(tier: .free, cause: cause))
    try scene.decide(.follow(scene.facts))
    #expect(scene.billing.tier(by: scene.facts, over: .pro) == SubscribedTier(tier: .free, cause: cause))
    // As whoever has nothing but what was said tells it.
    #expect(scene.billing.saidTier(on: BillingScene.mode, over: .pro) == SubscribedTier(tier: .free, cause: cause))
  }

  @Test func aLoweringThatStripeWasAskedForIsOneOfTheSubscription() throws {
    var scene = try BillingScene.running(.business)
    scene.turn { $0.state.items = [BillingScene.item("price_pro")] }
    #expect(scene.billing.tier(by: scene.facts, over: .business) == SubscribedTier(tier: .pro, cause: .subscription))
    try scene.follow()
    #expect(scene.quota == Tier.business.monthlyQuota)
  }

  /// What ended a year ago for want of payment is not why this one ends.
  @Test func anOldEndIsNotTheCauseOfALaterOne() throws {
    var scene = try BillingScene.running(.business)
    scene.turn(to: "canceled", because: "payment_failed")
    try scene.follow()
    scene.put(BillingScene.subscription("sub_2", "price_pro"))
    try scene.follow()
    scene.turn("sub_2", to: "canceled", because: "cancellation_requested")
    #expect(scene.billing.tier(by: scene.facts, over: .pro)?.cause == .subscription)
    try scene.follow()
    #expect(scene.quota == Tier.pro.monthlyQuota)
  }

  @Test func ofTwoThatEndTheHigherSaysWhy() throws {
    var scene = try BillingScene.running(.business)
    scene.put(BillingScene.subscription("sub_2", "price_pro"))
    try scene.follow()
    scene.turn(to: "canceled", because: "payment_failed")
    scene.turn("sub_2", to: "canceled", because: "cancellation_requested")
    #expect(scene.billing.tier(by: scene.facts, over: .business)?.cause == .paymentFailed)
    let events = try scene.decide(.follow(scene.facts))
    #expect(events.ends.map(\.subscription) == ["sub_2", "sub_1"])
    #expect(scene.billing.tier(by: scene.facts, over: .business)?.cause == .paymentFailed)
  }

  @Test func anOldEndIsNotTheCauseOfALowerPriceOnceThatIsAppended() throws {
    var scene = try BillingScene.running(.business)
    scene.turn(to: "canceled", because: "payment_failed")
    try scene.follow()
    scene.put(BillingScene.subscription("sub_2", "price_business"))
    try scene.follow()
    scene.turn("sub_2") { $0.state.items = [BillingScene.item("price_pro")] }
    try scene.decide(.follow(scene.facts))
    #expect(scene.billing.tier(by: scene.facts, over: .business)?.cause == .subscription)
  }

  @Test func ofTwoOfOneTierThatEndThatWhichWasPaidForCounts() throws {
    var scene = try BillingScene.running()
    scene.put(BillingScene.subscription("sub_2", "price_pro"))
    try scene.follow()
    scene.turn(to: "canceled", because: "payment_failed")
    scene.turn("sub_2", to: "canceled", because: "cancellation_requested")
    #expect(scene.billing.tier(by: scene.facts, over: .pro)?.cause == .subscription)
    try scene.decide(.follow(scene.facts))
    #expect(scene.billing.tier(by: scene.facts, over: .pro)?.cause == .subscription)
  }

  @Test func anUnknownPriceCountsByItsProductThenByItsMetadataThenAsTheHighestThatWasHeld() throws {
    var scene = try BillingScene.running(.business)
    scene.turn { $0.state.items = [BillingScene.item("price_x", product: "prod_pro", tier: "business")] }
    try scene.follow()
    #expect(scene.account.tier == .pro)
    scene.turn { $0.state.items = [BillingScene.item("price_x", product: "prod_x", tier: "pro")] }
    try scene.follow()
    #expect(scene.account.tier == .pro)
    scene.turn { $0.state.items = [BillingScene.item("price_x", product: "prod_x", tier: "gold")] }
    #expect(try scene.follow().attention == [.unknownPrice])
    #expect(scene.account.tier == .business)
  }

  @Test func anUnknownStatusUnsubscribesNobodyAndTellsTheOperator() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "hibernating")
    #expect(try scene.follow().attention == [.unknownStatus])
    #expect(scene.account.tier == .pro)
    scene.put(BillingScene.subscription("sub_2", "price_business", status: "hibernating"))
    #expect(try scene.follow().attention == [.unknownStatus])
    #expect(scene.account.tier == .pro, "one that never entitled does not begin to by a word that nobody knows")
  }

  @Test func pastDueEntitlesForThirtyDaysToTheMillisecond() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    try scene.follow()
    #expect(scene.billing.nextLook(at: scene.facts) == scene.now + .days(30))
    #expect(try scene.follow(after: .days(30) - .milliseconds(1)).isEmpty)
    #expect(scene.account.tier == .pro)
    let events = try scene.follow(after: .milliseconds(1))
    #expect(events.ends.map(\.cause) == [.unpaid])
    #expect(events.attention == [.pastDueTooLong])
    #expect(scene.account.tier == .free)
    #expect(scene.billing.nextLook(at: scene.facts) == nil)
  }

  @Test func ofADeletedCustomerNothingIsPastDue() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    try scene.follow()
    scene.customer.isDeleted = true
    try scene.follow()
    #expect(scene.billing.subscriptions["sub_1"]?.pastDueSince == nil)
    #expect(scene.billing.nextLook(at: scene.facts) == nil)
    #expect(try scene.follow(after: .days(30)).isEmpty)
  }

  @Test func anotherStretchOfBeingPastDueIsToldAgain() throws {
    var scene = try BillingScene.running()
    for _ in 0..<2 {
      scene.turn(to: "past_due")
      try scene.follow()
      let events = try scene.follow(after: .days(30))
      #expect(events.attention == [.pastDueTooLong])
      #expect(events.ends.count == 1)
      scene.turn(to: "active")
      try scene.follow()
      #expect(scene.account.tier == .pro)
    }
  }
}
