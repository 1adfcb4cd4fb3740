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
    scene.pay()
    #expect(try scene.follow().notices == ["payment_recovered"])
  }

  @Test func ofARenewalThatIsTriedOnceTheBanksQuestionSaysAll() throws {
    var scene = try pastDue()
    scene.askForAction()
    scene.fail(isLast: true)
    #expect(try scene.follow().notices == ["payment_action_required"])
    #expect(try scene.follow(after: .days(1)).notices.isEmpty)
  }

  @Test func aCardThatIsDeclinedAfterTheBankWasAnsweredIsTheFirstFailureThatIsTold() throws {
    var scene = try pastDue()
    scene.askForAction()
    try scene.follow()
    scene.now = scene.now + .hours(3)
    scene.fail()
    try scene.follow()
    #expect(try scene.follow(after: .seconds(60)).failures.map(\.attempt) == [.first])
    scene.now = scene.now + .days(3)
    scene.fail()
    #expect(try scene.follow(after: .minutes(5)).notices.isEmpty, "of those between nobody is told")
    scene.fail(isLast: true)
    #expect(try scene.follow(after: .minutes(5)).failures.map(\.attempt) == [.last])
  }

  @Test func aRetryThatTheBankAsksAboutAgainTellsNothingNewUntilItIsTheLast() throws {
    var scene = try pastDue()
    scene.askForAction()
    #expect(try scene.follow().notices == ["payment_action_required"])
    for day in 1...3 {
      scene.now = scene.now + .days(3)
      scene.askForAction()
      scene.fail(isLast: day == 3)
      try scene.follow()
      #expect(try scene.follow(after: .seconds(60)).failures.map(\.attempt) == (day == 3 ? [.last] : []))
    }
    #expect(try scene.follow(after: .days(1)).notices.isEmpty)
  }

  @Test func aQuestionAfterAFailureThatWasToldIsTold() throws {
    var scene = try pastDue()
    try scene.follow()
    #expect(try scene.follow(after: .seconds(60)).notices == ["payment_failed"])
    scene.now = scene.now + .days(3)
    scene.askForAction()
    scene.fail()
    #expect(try scene.follow().notices == ["payment_action_required"])
    #expect(try scene.follow(after: .days(1)).notices.isEmpty)
  }

  /// As they came to be: the bank asks with the first attempt, its answer is followed by a decline, and the last attempt fails, too.
  private static let answered: [StripeEventReceived] = [
    .invoice("a", "payment_action_required", at: 10, .of("open", attempts: 1)),
    .invoice("b", "payment_failed", at: 11, .of("open", attempts: 1, next: .second(300_000))),
    .invoice("c", "payment_failed", at: 9_000, .of("open", attempts: 1, next: .second(300_000))),
    .invoice("d", "payment_failed", at: 300_000, .of("open", attempts: 2)),
  ]

  @Test func aQuestionAFailureAfterItAndTheLastAreOneMailEachWhateverComesFirst() throws {
    for (number, order) in Self.answered.orders.enumerated() {
      var scene = try BillingScene.running()
      scene.turn(to: "past_due")
      scene.turn { $0.state.latestInvoice = "in_1" }
      try scene.follow()
      var (received, told) = (StripeCustomer(), [Billing.Event]())
      // Long after all of it: each is due when it is known.
      scene.now = .second(400_000)
      for event in order + order {
        received.evolve(.received(event))
        scene.customer.invoices = received.invoices
        told += try scene.follow(after: .minutes(2))
      }
      let notices = told.notices
      #expect(notices.filter { $0 == "payment_action_required" }.count <= 1, "\(number)")
      #expect(told.failures.filter { $0.attempt == .first }.count <= 1, "\(number)")
      #expect(told.failures.last?.attempt == .last, "\(number)")
      #expect(told.failures.filter { $0.attempt == .last }.count == 1, "\(number)")
      if number == 0 { #expect(notices == ["payment_action_required", "payment_failed", "payment_failed"]) }
    }
  }

  @Test func whatIsKnownAllAtOnceIsToldByWhatCameLast() throws {
    for (count, expected) in [(1, "action"), (2, "action"), (3, "first"), (4, "last")] {
      for order in Array(Self.answered.prefix(count)).orders {
        var scene = try BillingScene.running()
        scene.turn(to: "past_due")
        scene.turn { $0.state.latestInvoice = "in_1" }
        scene.now = .second(400_000)
        scene.customer.invoices = StripeCustomer(received: order).invoices
        let told = try scene.follow() + scene.follow(after: .days(1))
        let isAsked = told.notices.contains("payment_action_required")
        let words = isAsked ? ["action"] : told.failures.map(\.attempt.rawValue)
        #expect(words == [expected] && told.notices.count == 1, "\(order.map(\.eventID))")
      }
    }
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
