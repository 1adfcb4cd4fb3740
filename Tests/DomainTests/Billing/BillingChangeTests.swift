import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What a person wants of a subscription that runs, and what is scheduled of it.
@Suite struct BillingChangeTests {
  @Test func aHigherTierIsAskedForOnceACommand() throws {
    var scene = try BillingScene.running()
    let change = scene.change(from: .pro, to: .business)
    #expect(try scene.decide(.changeTier(change)) == [.tierChangeRequested(change)])
    #expect(try scene.decide(.changeTier(change)).isEmpty)
    #expect(scene.billing.wishes["sub_1"] == .change(change))
    scene.turn { $0.state.items = [BillingScene.item("price_business")] }
    try scene.follow()
    #expect(scene.billing.wishes.isEmpty, "it has come to pass")
    #expect(scene.account.tier == .business)
  }

  @Test func aDeclinedUpgradeCanBeAskedForAgain() throws {
    var scene = try BillingScene.running()
    try scene.decide(.changeTier(scene.change(from: .pro, to: .business)))
    #expect(try scene.decide(.changeTier(scene.change(from: .pro, to: .business))).count == 1)
  }

  @Test func whatIsScheduledOrHeldAlreadyIsNotAskedForAgain() throws {
    var scene = try BillingScene.running(.business)
    #expect(throws: Billing.Failure.unchanged(.business)) {
      try scene.billing.decide(.changeTier(scene.change(from: .business, to: .business)))
    }
    try scene.decide(.changeTier(scene.change(from: .business, to: .pro)))
    scene.schedule(to: .pro)
    #expect(try scene.follow().scheduled.map(\.toTier) == [.pro])
    #expect(throws: Billing.Failure.unchanged(.pro)) {
      try scene.billing.decide(.changeTier(scene.change(from: .business, to: .pro)))
    }
  }

  @Test func aPageThatWasMadeOfAnotherTierIsRefused() throws {
    let scene = try BillingScene.running(.pro)
    #expect(throws: Billing.Failure.unsettled) {
      try scene.billing.decide(.changeTier(scene.change(from: .free, to: .business)))
    }
  }

  @Test func nothingIsAskedOfASubscriptionThatIsOverOrUnknown() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "canceled")
    try scene.follow()
    for command: Billing.Command in [
      .changeTier(scene.change(from: .pro, to: .business)), .cancel(scene.cancellation()),
      .undo(scene.undoing(.cancellation)), .changeTier(scene.change(from: .pro, to: .business, of: "sub_9")),
    ] {
      #expect(throws: Billing.Failure.noSubscription) { try scene.billing.decide(command) }
    }
  }

  @Test func anEndIsAskedForOnceAndTakenBackOnce() throws {
    var scene = try BillingScene.running()
    #expect(throws: Billing.Failure.nothingToUndo) { try scene.billing.decide(.undo(scene.undoing(.cancellation))) }
    #expect(try scene.decide(.cancel(scene.cancellation())).types == ["cancellation_requested"])
    scene.turn { $0.state.cancelAtPeriodEnd = true }
    let events = try scene.follow()
    #expect(events.scheduled.map(\.toTier) == [.free])
    #expect(events.scheduled.map(\.at) == [BillingScene.periodEnd])
    #expect(scene.billing.subscriptions["sub_1"]?.endsAt == BillingScene.periodEnd)
    #expect(try scene.decide(.cancel(scene.cancellation())).isEmpty)
    #expect(try scene.decide(.cancel(scene.cancellation(isLeaving: true))).count == 1)
    #expect(try scene.decide(.undo(scene.undoing(.cancellation))).count == 1)
    scene.turn { $0.state.cancelAtPeriodEnd = false }
    #expect(try scene.follow().scheduled.map(\.toTier) == [nil])
    #expect(throws: Billing.Failure.nothingToUndo) { try scene.billing.decide(.undo(scene.undoing(.cancellation))) }
  }

  /// A wish to leave, taken back, made again, all before Stripe has said anything.
  @Test func whatStripeHasNotConfirmedCanBeTakenBackAndWishedAgain() throws {
    var scene = try BillingScene.running()
    try scene.decide(.cancel(scene.cancellation(isLeaving: true)))
    #expect(try scene.decide(.undo(scene.undoing(.cancellation))).count == 1)
    #expect(try scene.decide(.cancel(scene.cancellation())).count == 1)
    scene.turn { $0.state.cancelAtPeriodEnd = true }
    try scene.follow()
    #expect(try scene.decide(.undo(scene.undoing(.cancellation))).count == 1)
    #expect(
      try scene.decide(.cancel(scene.cancellation())).count == 1, "the undoing is on its way, though it still ends")
  }

  @Test func aDowngradeThatIsScheduledIsTakenBack() throws {
    var scene = try BillingScene.running(.business)
    scene.schedule(to: .pro)
    try scene.follow()
    #expect(try scene.decide(.undo(scene.undoing(.downgrade))).count == 1)
    scene.schedule(to: .pro, status: "released")
    let events = try scene.follow()
    #expect(events.scheduled.map(\.toTier) == [nil])
    #expect(scene.billing.scheduled.isEmpty)
    #expect(scene.billing.wishes.isEmpty)
  }

  @Test func aScheduleThatHasComeIsGone() throws {
    var scene = try BillingScene.running(.business)
    scene.schedule(to: .pro)
    try scene.follow()
    scene.now = BillingScene.periodEnd + .seconds(5)
    #expect(try scene.follow().isEmpty, "whether it has come Stripe says")
    scene.turn { $0.state.items = [BillingScene.item("price_pro")] }
    #expect(try scene.follow().types == ["subscription_changed", "tier_change_scheduled"])
    #expect(scene.account.tier == .pro)
    #expect(scene.billing.scheduled.isEmpty)
  }

  @Test func aPhaseThatHasPassedIsNotToCome() throws {
    var scene = try BillingScene.running(.business)
    scene.customer.schedules["sub_sched_1"] = ScheduleFacts(
      status: "active", subscription: "sub_1",
      phases: [
        ScheduleFacts.Phase(start: scene.now - .days(40), end: scene.now - .days(10), prices: ["price_pro"]),
        ScheduleFacts.Phase(start: scene.now - .days(10), end: nil, prices: ["price_business"]),
      ])
    #expect(try scene.follow().isEmpty)
  }

  @Test func aLoweringIsRemindedOfOnceThreeDaysBefore() throws {
    var scene = try BillingScene.running(.business)
    scene.schedule(to: .pro)
    try scene.follow()
    let due = BillingScene.periodEnd - .days(3)
    #expect(scene.billing.nextLook(at: scene.facts) == due)
    scene.now = due - .milliseconds(1)
    #expect(try scene.follow().isEmpty)
    #expect(try scene.follow(after: .milliseconds(1)).notices == ["tier_change_reminded"])
    #expect(try scene.follow(after: .days(1)).isEmpty)
    #expect(scene.billing.nextLook(at: scene.facts) == nil)
  }

  @Test func nobodyIsRemindedOfWhatIsNotScheduled() throws {
    var scene = try BillingScene.running(.business)
    scene.now = BillingScene.periodEnd - .days(2)
    #expect(try scene.follow().isEmpty)
  }

  @Test func whatIsScheduledWithinThreeDaysOfItsStartIsToldOnce() throws {
    for (days, isNear) in [(3, true), (1, true), (4, false)] {
      var scene = try BillingScene.running(.business)
      scene.now = BillingScene.periodEnd - .days(Int64(days))
      scene.schedule(to: .pro)
      var events = try scene.follow()
      #expect(events.scheduled.map(\.isReminder) == [isNear ? true : nil])
      #expect((scene.billing.nextLook(at: scene.facts) == nil) == isNear)
      while scene.now < BillingScene.periodEnd { events += try scene.follow(after: .hours(12)) }
      #expect(events.scheduled.count == 1 && events.notices == (isNear ? [] : ["tier_change_reminded"]), "\(days)")
    }
  }

  /// In a log of the last release.
  @Test func whatWasScheduledBeforeItSaidSoIsStillRemindedOf() throws {
    var scene = try BillingScene.running(.business)
    scene.now = BillingScene.periodEnd - .days(2)
    scene.schedule(to: .pro)
    let old = TierChangeScheduled(
      accountID: scene.id, subscription: "sub_1", fromTier: .business, toTier: .pro, at: BillingScene.periodEnd)
    scene.billing.evolve(.tierChangeScheduled(old))
    #expect(try scene.follow().types == ["tier_change_reminded"])
  }
}
