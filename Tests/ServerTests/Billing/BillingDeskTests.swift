import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// What people do about what they pay. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.whatHangs)) struct BillingDeskTests {
  @Test func onlyWhoMayManageBillingCanBuy() async throws {
    try await Till.with { till in
      let (tenant, _) = try await till.service.openWithOwner(.free)
      let admin = try await till.service.join(tenant, as: .admin)
      let actor = Actor(userID: admin.id, origin: Origin(actorID: admin.id))
      await #expect(throws: AccessError.self) {
        try await till.desk.checkout(.pro, of: tenant.accountID, back: Till.back, by: actor)
      }
      await #expect(throws: AccessError.self) { try await till.desk.cancel(tenant.accountID, by: actor) }
      #expect(try await till.stripe.calls("POST", "/v1/customers").isEmpty)
    }
  }

  @Test func sequence45AnotherTierExpiresThePageThatIsOpenAndTheSameIsTheSamePage() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let first = try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url
      #expect(try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url == first)
      let second = try await till.desk.checkout(.business, of: buyer.account, back: Till.back, by: buyer.actor).url
      #expect(second != first)
      let sessions = try await till.stripe.state()["checkout.session"].members.values
      #expect(sessions.filter { $0["status"] == "open" }.count == 1)
      #expect(sessions.count == 2)
    }
  }

  @Test func sequence43OneCustomerThoughTheAnswerIsLostAndThenAFiveHundredIsStored() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.stripe.test(
        "faults", #"{"method": "POST", "path": "/v1/customers", "times": 1, "kind": "close", "after": false}"#)
      try await till.stripe.test(
        "faults",
        #"{"method": "POST", "path": "/v1/customers", "times": 1, "kind": "status", "status": 500, "after": true}"#)
      _ = try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor)
      #expect(try await till.stripe.state()["customer"].members.count == 1)
      #expect(
        try await till.service.number("SELECT count(*) AS n FROM log.events WHERE type = 'billing_customer_linked'")
          == 1)
    }
  }

  @Test func whoComesBackFromCheckoutAndHearsNothingIsToldByStripe() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let (session, _) = try await till.pay(.pro, buyer)
      #expect(try await till.desk.confirm(session: session, of: buyer.account, by: buyer.actor) == .complete)
      #expect(try await till.tier(of: buyer) == .pro)
      try await till.arrive()
      #expect(try await till.events("tier_changed", of: buyer) == 1)
      let other = try await till.buyer()
      await #expect(throws: Billing.Failure.noSubscription) {
        try await till.desk.confirm(session: session, of: other.account, by: other.actor)
      }
    }
  }

  @Test func sequence51AnUpgradeCostsWhatThePreviewSaidAndBeginsANewPeriod() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      try await till.advance(days: 27)
      try await till.arrive()
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      #expect(preview.next == 2_900 && preview.currency == "usd")
      #expect((2_000..<2_900).contains(preview.dueNow))
      let upgrade = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      #expect(upgrade.outcome == .done)
      #expect(try await till.tier(of: buyer) == .business)
      let objects = try await till.stripe.state()
      let paid = objects["invoice"].members.values.map { $0["amount_paid"].integer }
      #expect(paid.contains(preview.dueNow), "\(paid), \(preview.dueNow)")
      let start = objects["subscription"][subscription]["items"]["data"][0]["current_period_start"].integer
      #expect(Int64(start) >= preview.prorationDate.seconds)
      try await till.arrive()
      #expect(try await till.events("tier_changed", of: buyer) == 2)
    }
  }

  @Test func aPriceIsOfStripesClockHoweverFarAheadOfOursThatIs() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      try await till.stripe.test("clock", #"{"advance": 3456000}"#)
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      #expect(preview.prorationDate - till.service.clock.now >= .days(40))
      let upgrade = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      #expect(upgrade.outcome == .done)
      // Of the time of the day before nobody may buy.
      await #expect(throws: Billing.Failure.unsettled) {
        try await till.desk.upgrade(
          to: .business, of: buyer.account, prorationDate: preview.prorationDate - .days(1), by: buyer.actor)
      }
    }
  }

  @Test func sequence23AnUpgradeTakesAScheduleOffFirst() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      _ = try await till.desk.client.post(
        "/v1/subscription_schedules", ["from_subscription": subscription], key: "by hand")
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      let upgrade = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      #expect(upgrade.outcome == .done)
      let schedules = try await till.stripe.state()["subscription_schedule"].members.values
      #expect(schedules.map { $0["status"].string } == ["released"])
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .business)
    }
  }

  @Test func aDowngradeThatIsTakenBackNeverComes() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await till.arrive()
      #expect(try await till.desk.billing(buyer.account).scheduled.values.first?.toTier == .pro)
      #expect(try await till.tier(of: buyer) == .business)
      try await till.desk.undo(buyer.account, by: buyer.actor)
      try await till.arrive()
      try await till.advance(days: 32)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .business)
    }
  }

  @Test func aDowngradeCountsWhenWhatIsPaidEnds() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await till.advance(days: 32)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence46WhatIsEndingAndIsUpgradedRuns() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      try await till.desk.cancel(buyer.account, by: buyer.actor)
      try await till.arrive()
      #expect(try await till.desk.billing(buyer.account).subscriptions[subscription]?.endsAt != nil)
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      _ = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      try await till.arrive()
      #expect(try await till.desk.billing(buyer.account).subscriptions[subscription]?.endsAt == nil)
      #expect(try await till.tier(of: buyer) == .business)
    }
  }

  @Test func sequence47CancelingWhileADowngradeIsScheduledEndsIt() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.business, buyer)
      try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await till.desk.cancel(buyer.account, by: buyer.actor)
      try await till.arrive()
      #expect(try await till.desk.billing(buyer.account).subscriptions[subscription]?.endsAt != nil)
      try await till.advance(days: 32)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .free)
    }
  }

  @Test func aDowngradeThatWasCutBetweenItsTwoCallsGoesOnFromTheFirst() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      try await till.stripe.test(
        "faults",
        #"{"method": "POST", "path": "/v1/subscription_schedules/*", "times": 1, "kind": "status", "status": 400}"#)
      await #expect(throws: StripeFailure.self) {
        try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      }
      try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      #expect(try await till.stripe.state()["subscription_schedule"].members.count == 1)
      try await till.arrive()
      #expect(try await till.desk.billing(buyer.account).scheduled.values.first?.toTier == .pro)
    }
  }

  @Test func documentsAreOfTheAccountsOwnInvoicesAlone() async throws {
    try await Till.with { till in
      let (buyer, other) = (try await till.buyer(), try await till.buyer())
      try await till.subscribe(.pro, buyer)
      let invoice = try #require(try await till.desk.billing(buyer.account).invoices.keys.first)
      let documents = try await till.desk.documents(of: invoice, in: buyer.account, by: buyer.actor)
      #expect(documents.page != nil && documents.pdf != nil)
      await #expect(throws: BillingDesk.NoSuchInvoice.self) {
        try await till.desk.documents(of: invoice, in: other.account, by: other.actor)
      }
      #expect(
        try await till.desk.portal(of: buyer.account, back: "https://recount.example.org", by: buyer.actor).url != "")
    }
  }
}
