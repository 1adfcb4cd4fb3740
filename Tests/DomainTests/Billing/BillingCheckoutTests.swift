import Foundation
import TestDatabase
import Testing

@testable import Domain

/// The page where it is paid.
@Suite struct BillingCheckoutTests {
  @Test func askedAgainForTheSameThePageThatIsOpenGoesOn() throws {
    var scene = BillingScene()
    let first = scene.request(.pro)
    #expect(try scene.decide(.requestCheckout(first)).types == ["checkout_requested"])
    #expect(try scene.decide(.requestCheckout(scene.request(.pro))).isEmpty)
    #expect(scene.billing.checkout?.request == first)
    #expect(try scene.decide(.openedCheckout(scene.opened(first, "cs_1"))).types == ["checkout_opened"])
    #expect(try scene.decide(.openedCheckout(scene.opened(first, "cs_1"))).isEmpty)
    #expect(try scene.decide(.requestCheckout(scene.request(.pro))).isEmpty)
    #expect(scene.billing.checkout?.opened?.session == "cs_1")
  }

  @Test func anotherTierTakesItsPlaceAndTheFirstIsToBeExpired() throws {
    var scene = BillingScene()
    let (pro, business) = (scene.request(.pro), scene.request(.business))
    try scene.decide(.requestCheckout(pro))
    try scene.decide(.openedCheckout(scene.opened(pro, "cs_1")))
    #expect(try scene.decide(.requestCheckout(business)).types == ["checkout_requested"])
    #expect(scene.billing.superseded == ["cs_1"])
    try scene.decide(.openedCheckout(scene.opened(business, "cs_2")))
    scene.customer.sessions = ["cs_1": .closed("expired")]
    #expect(try scene.follow().types == ["checkout_closed"])
    #expect(scene.billing.superseded.isEmpty)
    #expect(scene.billing.checkout?.opened?.session == "cs_2")
  }

  @Test func aPageOfTheOtherModeIsNoneThatCouldBeExpired() throws {
    var scene = BillingScene()
    let test = scene.request(.pro, livemode: false)
    try scene.decide(.requestCheckout(test))
    try scene.decide(.openedCheckout(scene.opened(test, "cs_test_1")))
    #expect(try scene.decide(.requestCheckout(scene.request(.pro))).count == 1)
    #expect(scene.billing.superseded.isEmpty)
  }

  @Test func aPageThatStripeAnswersLateIsToBeExpired() throws {
    var scene = BillingScene()
    let (pro, business) = (scene.request(.pro), scene.request(.business))
    try scene.decide(.requestCheckout(pro))
    try scene.decide(.requestCheckout(business))
    try scene.decide(.openedCheckout(scene.opened(pro, "cs_1")))
    #expect(scene.billing.superseded == ["cs_1"])
    #expect(scene.billing.checkout?.opened == nil)
  }

  @Test func aSessionOfSomebodyElsesIsNoneOfOurs() throws {
    var scene = BillingScene()
    scene.customer.sessions = ["cs_9": .closed("complete")]
    #expect(try scene.follow().isEmpty)
  }

  @Test func whoPaysAlreadyChangesWhatRuns() throws {
    let scene = try BillingScene.running()
    #expect(throws: Billing.Failure.subscribed(.pro)) {
      try scene.billing.decide(.requestCheckout(scene.request(.business)))
    }
  }

  /// Of the other mode nothing counts, and nothing is in the way.
  @Test func whatWasPaidWithATestCardIsNotInTheWay() throws {
    let scene = try BillingScene.running()
    #expect(try scene.billing.decide(.requestCheckout(scene.request(.pro, livemode: false))).count == 1)
  }

  @Test(arguments: ["past_due", "unpaid", "incomplete"]) func whoOwesPaysFirst(status: String) throws {
    var scene = try BillingScene.running()
    scene.turn(to: status)
    scene.put(BillingScene.invoice("in_0", "paid"))
    scene.put(BillingScene.invoice("in_1"))
    try scene.follow()
    #expect(throws: Billing.Failure.owing(status: status, invoice: "in_1")) {
      try scene.billing.decide(.requestCheckout(scene.request(.pro)))
    }
    #expect(throws: Billing.Failure.owing(status: status, invoice: "in_1")) {
      try scene.billing.decide(.changeTier(scene.change(from: .pro, to: .business)))
    }
  }

  @Test(arguments: ["canceled", "incomplete_expired"]) func afterAnEndItIsBoughtAnew(status: String) throws {
    var scene = try BillingScene.running()
    scene.turn(to: status)
    try scene.follow()
    #expect(try scene.billing.decide(.requestCheckout(scene.request(.pro))).count == 1)
  }

  @Test func whatWasPaidIsNotSoldAgainBeforeItsSubscriptionIsKnown() throws {
    var scene = BillingScene()
    let request = scene.request(.pro)
    try scene.decide(.requestCheckout(request))
    try scene.decide(.openedCheckout(scene.opened(request, "cs_1")))
    scene.customer.sessions = ["cs_1": .closed("complete")]
    try scene.follow()
    #expect(throws: Billing.Failure.unsettled) { try scene.billing.decide(.requestCheckout(scene.request(.pro))) }
    scene.put(BillingScene.subscription("sub_1", "price_pro"))
    try scene.follow()
    #expect(throws: Billing.Failure.subscribed(.pro)) {
      try scene.billing.decide(.requestCheckout(scene.request(.pro)))
    }
  }

  @Test func aPageThatExpiredIsInNobodysWay() throws {
    var scene = BillingScene()
    let request = scene.request(.pro)
    try scene.decide(.requestCheckout(request))
    try scene.decide(.openedCheckout(scene.opened(request, "cs_1")))
    scene.customer.sessions = ["cs_1": .closed("expired")]
    try scene.follow()
    #expect(try scene.decide(.requestCheckout(scene.request(.pro))).count == 1)
  }

  @Test func freeIsNotSold() {
    let scene = BillingScene()
    #expect(throws: Billing.Failure.notSold(.free)) { try scene.billing.decide(.requestCheckout(scene.request(.free))) }
  }
}
