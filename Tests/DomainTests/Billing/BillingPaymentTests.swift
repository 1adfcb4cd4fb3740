import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What is told of payments, and what is not.
@Suite struct BillingPaymentTests {
  private func pastDue() throws -> BillingScene {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    scene.turn { $0.state.latestInvoice = "in_1" }
    scene.fail()
    return scene
  }

  @Test func sequence4TheSameChangeOnceMoreIsToldOnce() throws {
    var scene = try pastDue()
    try scene.follow()
    #expect(try scene.follow(after: .seconds(60)).notices == ["payment_failed"])
    // A twin is another event of the same state.
    scene.turn { $0.knownEvents.append("evt_twin") }
    #expect(try scene.follow().isEmpty)
  }

  @Test func sequence11AFailureThatIsKnownAfterThePaymentIsSilent() throws {
    var scene = try BillingScene.running()
    scene.fail()
    scene.pay()
    #expect(try scene.follow(after: .minutes(5)).types == ["invoice_recorded"])
  }

  @Test(arguments: ["paid", "void", "uncollectible"]) func whatIsSettledWithinTheGraceIsSilent(status: String) throws {
    var scene = try pastDue()
    try scene.follow()
    scene.bill { $0.state.status = status }
    #expect(try scene.follow(after: .seconds(60)).notices.isEmpty)
    #expect(
      scene.billing.nextLook(at: scene.facts) == scene.now - .seconds(60) + .days(30), "past due is all that is left")
  }

  @Test func theGraceEndsAfterSixtySecondsAndIsLookedAtThen() throws {
    var scene = try pastDue()
    try scene.follow()
    #expect(scene.billing.nextLook(at: scene.facts) == scene.now + .seconds(60))
    #expect(try scene.follow(after: .seconds(60) - .milliseconds(1)).notices.isEmpty)
    #expect(try scene.follow(after: .milliseconds(1)).notices == ["payment_failed"])
    #expect(scene.billing.nextLook(at: scene.facts) == scene.now - .seconds(60) + .days(30))
  }

  @Test func sequence12OfFourFailuresTheFirstAndTheLastAreTold() throws {
    var scene = try pastDue()
    var told: [PaymentFailed] = []
    for attempt in 1...4 {
      scene.fail(isLast: attempt == 4)
      try scene.follow()
      told += try scene.follow(after: .seconds(60)).failures
      told += try scene.follow(after: .days(3)).failures
    }
    #expect(told.map(\.attempt) == [.first, .last])
    #expect(told.map { $0.nextPaymentAttempt == nil } == [false, true])
  }

  @Test func whenBothAreDueAtOnceTheLastAloneIsTold() throws {
    var scene = try pastDue()
    scene.fail(isLast: true)
    #expect(try scene.follow(after: .seconds(60)).failures.map(\.attempt) == [.last])
    scene.fail()
    #expect(try scene.follow(after: .seconds(60)).failures.isEmpty)
  }

  @Test func sequence13WhatRunsAgainBeforeItsFailureIsKnownIsSilent() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    scene.turn { $0.state.latestInvoice = "in_1" }
    try scene.follow()
    scene.turn(to: "active")
    try scene.follow()
    scene.fail()
    #expect(try scene.follow(after: .minutes(5)).notices.isEmpty)
    scene.pay()
    #expect(try scene.follow().notices.isEmpty)
  }

  @Test func sequence14DunningThatEndsInCanceledIsOneMailAndCountsAtOnce() throws {
    var scene = try pastDue()
    #expect(try scene.follow(after: .seconds(60)).notices == ["payment_failed"])
    scene.now = scene.now + .days(14)
    scene.fail(isLast: true)
    scene.turn(to: "canceled", because: "payment_failed")
    var events = try scene.follow()
    events += try scene.follow(after: .minutes(5))
    #expect(events.notices == ["subscription_ended"])
    #expect(events.ends.map(\.cause) == [.paymentFailed])
    #expect(scene.account.tier == .free)
    #expect(scene.quota == Tier.free.monthlyQuota)
  }

  @Test func sequence15AnOldInvoiceThatIsPaidBringsTheTierBackWhenItIsActive() throws {
    var scene = try pastDue()
    try scene.follow()
    _ = try scene.follow(after: .seconds(60))
    scene.turn(to: "unpaid")
    scene.fail(isLast: true)
    #expect(try scene.follow(after: .minutes(5)).notices == ["subscription_ended"])
    #expect(scene.account.tier == .free)
    scene.pay()
    #expect(try scene.follow().notices == ["payment_recovered"])
    #expect(scene.account.tier == .free, "an invoice gives nothing")
    scene.turn(to: "active")
    try scene.follow()
    #expect(scene.account.tier == .pro)
    #expect(scene.quota == Tier.pro.monthlyQuota)
  }

  @Test func sequence19ARenewalThatNeedsActionIsOneMail() throws {
    var scene = try pastDue()
    scene.askForAction()
    #expect(try scene.follow().notices == ["payment_action_required"])
    #expect(try scene.follow(after: .minutes(5)).notices.isEmpty)
    scene.fail(isLast: true)
    #expect(try scene.follow(after: .minutes(5)).notices.isEmpty)
    scene.pay()
    #expect(try scene.follow().notices == ["payment_recovered"])
  }

  @Test func sequence22AnUpgradeThatIsDeclinedChangesNothingAndTellsNobody() throws {
    var scene = try BillingScene.running()
    scene.bill { $0.state.billingReason = "subscription_update" }
    scene.fail(isLast: true)
    scene.askForAction()
    #expect(try scene.follow(after: .minutes(5)).notices.isEmpty)
    #expect(scene.account.tier == .pro)
    #expect(scene.billing.nextLook(at: scene.facts) == nil)
  }

  @Test func sequence44AnInvoiceOfNothingIsHistory() throws {
    var scene = try BillingScene.running()
    scene.bill { ($0.state.total, $0.state.amountDue, $0.state.status) = (0, 0, "paid") }
    #expect(try scene.follow(after: .minutes(5)).types == ["invoice_recorded"])
  }

  @Test func aDraftIsNotRecordedUntilItIsNoneAnyMore() throws {
    var scene = try BillingScene.running()
    scene.bill { $0.state.status = "draft" }
    #expect(try scene.follow().isEmpty)
    scene.bill { $0.state.status = "open" }
    #expect(try scene.follow().types == ["invoice_recorded"])
  }

  @Test func itRecoversOnceAndAnotherInvoiceIsAnotherFailure() throws {
    var scene = try pastDue()
    _ = try scene.follow(after: .seconds(60))
    scene.pay()
    scene.turn(to: "active")
    #expect(try scene.follow().notices == ["payment_recovered"])
    #expect(try scene.follow().isEmpty)
    scene.turn(to: "past_due")
    scene.turn { $0.state.latestInvoice = "in_2" }
    scene.fail("in_2")
    #expect(try scene.follow(after: .seconds(60)).failures.map(\.invoice) == ["in_2"])
  }
}
