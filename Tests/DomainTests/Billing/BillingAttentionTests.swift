import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What an operator has to look at, and the money that is theirs to look at.
@Suite struct BillingAttentionTests {
  private func need(_ attention: BillingAttentionNeeded.Attention, _ scene: BillingScene) -> Billing.Command {
    .need(BillingAttentionNeeded(accountID: scene.id, attention: attention, subject: "sub_1", detail: "look"))
  }

  private func resolve(_ attention: BillingAttentionNeeded.Attention, _ scene: BillingScene) -> Billing.Command {
    .resolve(BillingAttentionResolved(accountID: scene.id, attention: attention, subject: "sub_1", reason: "done"))
  }

  @Test func whatIsNeededWaitsUntilItIsResolved() throws {
    var scene = BillingScene()
    #expect(throws: Billing.Failure.noSuchAttention) { try scene.billing.decide(resolve(.reconciled, scene)) }
    #expect(try scene.decide(need(.reconciled, scene)).count == 1)
    #expect(try scene.decide(need(.reconciled, scene)).isEmpty)
    #expect(scene.billing.attention == [Billing.Told("reconciled", "sub_1")])
    #expect(try scene.decide(resolve(.reconciled, scene)).count == 1)
    #expect(scene.billing.attention.isEmpty)
    #expect(throws: Billing.Failure.noSuchAttention) { try scene.billing.decide(resolve(.reconciled, scene)) }
  }

  @Test func whatCanBefallTheSameAgainIsSaidAgainAndWhatWasSeenIsNot() throws {
    var scene = BillingScene()
    for attention in [BillingAttentionNeeded.Attention.reconciled, .callRefused, .twoSubscriptions] {
      try scene.decide(need(attention, scene))
      try scene.decide(resolve(attention, scene))
    }
    #expect(try scene.decide(need(.reconciled, scene)).count == 1)
    #expect(try scene.decide(need(.callRefused, scene)).count == 1)
    #expect(try scene.decide(need(.twoSubscriptions, scene)).isEmpty)
  }

  @Test func anEarlyWarningOfFraudIsToldOnce() throws {
    var scene = try BillingScene.running()
    scene.customer.warnings["issfr_1"] = WarningFacts(charge: "ch_1", paymentIntent: nil, actionable: true)
    #expect(try scene.follow().attention == [.fraudWarning])
    #expect(try scene.follow().isEmpty)
  }

  @Test func whatBecomesOfARefundIsSaidAndTheOperatorIsToldOnce() throws {
    var scene = try BillingScene.running()
    let refund = RefundFacts(status: "pending", amount: 900, currency: "usd", charge: "ch_1", paymentIntent: nil)
    scene.customer.refunds["re_1"] = refund
    #expect(try scene.follow().types == ["refund_recorded"])
    scene.customer.refunds["re_1"]?.status = "succeeded"
    #expect(try scene.follow().types == ["refund_recorded", "billing_attention_needed"])
    scene.customer.refunds["re_1"]?.status = "failed"
    #expect(try scene.follow().types == ["refund_recorded"])
    #expect(try scene.follow().isEmpty)
  }

  @Test func whatWentBackOfAChargeIsNotSaidTwiceWhenItsRefundIsNamedLater() throws {
    var scene = try BillingScene.running()
    scene.customer.charges["ch_1"] = ChargeFacts(
      paymentIntent: "pi_1", amount: 900, amountRefunded: 400, currency: "usd", refunded: false)
    #expect(try scene.follow().types == ["refund_recorded", "billing_attention_needed"])
    scene.customer.refunds["re_1"] = RefundFacts(
      status: "succeeded", amount: 400, currency: "usd", charge: nil, paymentIntent: "pi_1")
    #expect(try scene.follow().isEmpty)
    scene.customer.refunds["re_2"] = RefundFacts(
      status: "succeeded", amount: 500, currency: "usd", charge: "ch_1", paymentIntent: nil)
    scene.customer.charges["ch_1"]?.amountRefunded = 900
    #expect(try scene.follow().types == ["refund_recorded", "billing_attention_needed"])
    #expect(try scene.follow().isEmpty)
  }

  /// What Stripe says is a stranger's word, too: a number of any size is a number.
  @Test func amountsBeyondAllReckoningStopNothing() throws {
    var scene = try BillingScene.running()
    scene.customer.charges["ch_1"] = ChargeFacts(
      paymentIntent: "pi_1", amount: .max, amountRefunded: .max, currency: "usd", refunded: true)
    #expect(try scene.follow().types == ["refund_recorded", "billing_attention_needed"])
    for id in ["re_1", "re_2", "re_3"] {
      scene.customer.refunds[id] = RefundFacts(
        status: "succeeded", amount: .max, currency: "usd", charge: "ch_1", paymentIntent: nil)
    }
    #expect(try scene.follow().isEmpty, "all of it went back already")
  }

  @Test func aRefundIsAskedForOnceAndGoesOnUnderTheCommandThatWasNotedFirst() throws {
    var scene = try BillingScene.running()
    let requests = ["sub_1", "sub_1", "sub_9"].map {
      RefundRequested(accountID: scene.id, commandID: UUID(), subscription: $0, reason: "paid twice")
    }
    #expect(try scene.decide(.requestRefund(requests[0])) == [.refundRequested(requests[0])])
    #expect(try scene.decide(.requestRefund(requests[1])).isEmpty)
    #expect(scene.billing.refundRequests["sub_1"]?.commandID == requests[0].commandID)
    #expect(throws: Billing.Failure.noSubscription) { try scene.billing.decide(.requestRefund(requests[2])) }
  }
}
