import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What is said while a subscription's events do not fit together.
@Suite struct BillingUnsettledTests {
  @Test func whatIsBoughtCountsAtOnce() throws {
    var scene = BillingScene()
    scene.put(BillingScene.subscription("sub_1", "price_pro"))
    scene.turn { $0.needsFetch = true }
    #expect(try scene.follow().types == ["subscription_changed"])
    #expect(scene.account.tier == .pro)
  }

  @Test(arguments: ["unpaid", "paused", "incomplete"]) func aLoweringWaitsUntilStripeWasAsked(status: String) throws {
    var scene = try BillingScene.running()
    scene.turn(to: status)
    scene.turn { $0.needsFetch = true }
    #expect(try scene.follow().isEmpty)
    #expect(scene.account.tier == .pro)
    scene.turn { $0.needsFetch = false }
    #expect(try scene.follow().types == ["subscription_changed", "subscription_ended"])
    #expect(scene.account.tier == .free)
  }

  @Test func aCheaperPriceWaitsLikewise() throws {
    var scene = try BillingScene.running(.business)
    scene.turn {
      $0.needsFetch = true
      $0.state.items = [BillingScene.item("price_pro")]
    }
    #expect(try scene.follow().isEmpty)
    #expect(scene.account.tier == .business)
  }

  @Test func itsThirtyDaysWaitForStripesAnswerAndForNoTime() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    scene.turn { $0.needsFetch = true }
    try scene.follow()
    #expect(scene.billing.nextLook(at: scene.facts) == nil)
    #expect(try scene.follow(after: .days(30)).isEmpty)
    scene.turn { $0.needsFetch = false }
    #expect(try scene.follow().notices == ["subscription_ended"])
  }

  @Test func whatIsOverIsOver() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "canceled", because: "cancellation_requested")
    scene.turn { $0.needsFetch = true }
    #expect(try scene.follow().notices == ["subscription_ended"])
    #expect(scene.account.tier == .free)
  }

  @Test func noEndIsAnnouncedAndNoneTakenBack() throws {
    var scene = try BillingScene.running()
    scene.turn {
      $0.needsFetch = true
      $0.state.cancelAt = BillingScene.periodEnd
    }
    #expect(try scene.follow().types == ["subscription_changed"])
    scene.turn { $0.needsFetch = false }
    #expect(try scene.follow().types == ["tier_change_scheduled"])
    scene.turn {
      $0.needsFetch = true
      $0.state.cancelAt = nil
    }
    #expect(try scene.follow().scheduled.isEmpty)
    scene.turn { $0.needsFetch = false }
    #expect(try scene.follow().scheduled.map(\.toTier) == [nil])
  }
}
