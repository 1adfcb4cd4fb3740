import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// What people do about what they pay. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.minutes(40))) struct BillingDeskTests {
  @Test func onlyWhoMayManageBillingCanBuy() async throws {
    try await Shop.with { shop in
      let (tenant, _) = try await shop.service.openWithOwner(.free)
      let admin = try await shop.service.join(tenant, as: .admin)
      let actor = Actor(userID: admin.id, origin: Origin(actorID: admin.id))
      await #expect(throws: AccessError.self) {
        try await shop.desk.checkout(.pro, of: tenant.accountID, back: Shop.back, by: actor)
      }
      await #expect(throws: AccessError.self) { try await shop.desk.cancel(tenant.accountID, by: actor) }
      #expect(try await shop.stripe.calls("POST", "/v1/customers").isEmpty)
    }
  }

  @Test func sequence45AnotherTierExpiresThePageThatIsOpenAndTheSameIsTheSamePage() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let first = try await shop.desk.checkout(.pro, of: buyer.account, back: Shop.back, by: buyer.actor).url
      #expect(try await shop.desk.checkout(.pro, of: buyer.account, back: Shop.back, by: buyer.actor).url == first)
      let second = try await shop.desk.checkout(.business, of: buyer.account, back: Shop.back, by: buyer.actor).url
      #expect(second != first)
      let sessions = try await shop.stripe.state()["checkout.session"].members.values
      #expect(sessions.filter { $0["status"] == "open" }.count == 1)
      #expect(sessions.count == 2)
    }
  }

  @Test func sequence43OneCustomerThoughTheAnswerIsLostAndThenAFiveHundredIsStored() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.stripe.test(
        "faults", #"{"method": "POST", "path": "/v1/customers", "times": 1, "kind": "close", "after": false}"#)
      try await shop.stripe.test(
        "faults",
        #"{"method": "POST", "path": "/v1/customers", "times": 1, "kind": "status", "status": 500, "after": true}"#)
      _ = try await shop.desk.checkout(.pro, of: buyer.account, back: Shop.back, by: buyer.actor)
      #expect(try await shop.stripe.state()["customer"].members.count == 1)
      #expect(
        try await shop.service.number("SELECT count(*) AS n FROM log.events WHERE type = 'billing_customer_linked'")
          == 1)
    }
  }

  @Test func whoComesBackFromCheckoutAndHearsNothingIsToldByStripe() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let (session, _) = try await shop.pay(.pro, buyer)
      #expect(try await shop.desk.confirm(session: session, of: buyer.account, by: buyer.actor) == .complete)
      #expect(try await shop.tier(of: buyer) == .pro)
      try await shop.arrive()
      #expect(try await shop.events("tier_changed", of: buyer) == 1)
      let other = try await shop.buyer()
      await #expect(throws: Billing.Failure.noSubscription) {
        try await shop.desk.confirm(session: session, of: other.account, by: other.actor)
      }
    }
  }

  @Test func sequence51AnUpgradeCostsWhatThePreviewSaidAndBeginsANewPeriod() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      try await shop.advance(days: 27)
      try await shop.arrive()
      let preview = try await shop.desk.preview(.business, of: buyer.account, by: buyer.actor)
      #expect(preview.next == 2_900 && preview.currency == "usd")
      #expect((2_000..<2_900).contains(preview.dueNow))
      let upgrade = try await shop.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      #expect(upgrade.outcome == .done)
      #expect(try await shop.tier(of: buyer) == .business)
      let objects = try await shop.stripe.state()
      let paid = objects["invoice"].members.values.map { $0["amount_paid"].integer }
      #expect(paid.contains(preview.dueNow), "\(paid), \(preview.dueNow)")
      let start = objects["subscription"][subscription]["items"]["data"][0]["current_period_start"].integer
      #expect(Int64(start) >= preview.prorationDate.seconds)
      try await shop.arrive()
      #expect(try await shop.events("tier_changed", of: buyer) == 2)
    }
  }

  @Test func sequence23AnUpgradeTakesAScheduleOffFirst() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      _ = try await shop.desk.client.post(
        "/v1/subscription_schedules", ["from_subscription": subscription], key: "by hand")
      let preview = try await shop.desk.preview(.business, of: buyer.account, by: buyer.actor)
      let upgrade = try await shop.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      #expect(upgrade.outcome == .done)
      let schedules = try await shop.stripe.state()["subscription_schedule"].members.values
      #expect(schedules.map { $0["status"].string } == ["released"])
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .business)
    }
  }

  @Test func aDowngradeThatIsTakenBackNeverComes() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.subscribe(.business, buyer)
      try await shop.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await shop.arrive()
      #expect(try await shop.desk.billing(buyer.account).scheduled.values.first?.toTier == .pro)
      #expect(try await shop.tier(of: buyer) == .business)
      try await shop.desk.undo(buyer.account, by: buyer.actor)
      try await shop.arrive()
      try await shop.advance(days: 32)
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .business)
    }
  }

  @Test func aDowngradeCountsWhenWhatIsPaidEnds() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.subscribe(.business, buyer)
      try await shop.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await shop.advance(days: 32)
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence46WhatIsEndingAndIsUpgradedRuns() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      try await shop.desk.cancel(buyer.account, by: buyer.actor)
      try await shop.arrive()
      #expect(try await shop.desk.billing(buyer.account).subscriptions[subscription]?.endsAt != nil)
      let preview = try await shop.desk.preview(.business, of: buyer.account, by: buyer.actor)
      _ = try await shop.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      try await shop.arrive()
      #expect(try await shop.desk.billing(buyer.account).subscriptions[subscription]?.endsAt == nil)
      #expect(try await shop.tier(of: buyer) == .business)
    }
  }

  @Test func sequence47CancelingWhileADowngradeIsScheduledEndsIt() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.business, buyer)
      try await shop.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await shop.desk.cancel(buyer.account, by: buyer.actor)
      try await shop.arrive()
      #expect(try await shop.desk.billing(buyer.account).subscriptions[subscription]?.endsAt != nil)
      try await shop.advance(days: 32)
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .free)
    }
  }

  @Test func aDowngradeThatWasCutBetweenItsTwoCallsGoesOnFromTheFirst() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.subscribe(.business, buyer)
      try await shop.stripe.test(
        "faults",
        #"{"method": "POST", "path": "/v1/subscription_schedules/*", "times": 1, "kind": "status", "status": 400}"#)
      await #expect(throws: StripeFailure.self) {
        try await shop.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      }
      try await shop.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      #expect(try await shop.stripe.state()["subscription_schedule"].members.count == 1)
      try await shop.arrive()
      #expect(try await shop.desk.billing(buyer.account).scheduled.values.first?.toTier == .pro)
    }
  }

  @Test func documentsAreOfTheAccountsOwnInvoicesAlone() async throws {
    try await Shop.with { shop in
      let (buyer, other) = (try await shop.buyer(), try await shop.buyer())
      try await shop.subscribe(.pro, buyer)
      let invoice = try #require(try await shop.desk.billing(buyer.account).invoices.keys.first)
      let documents = try await shop.desk.documents(of: invoice, in: buyer.account, by: buyer.actor)
      #expect(documents.page != nil && documents.pdf != nil)
      await #expect(throws: BillingDesk.NoSuchInvoice.self) {
        try await shop.desk.documents(of: invoice, in: other.account, by: other.actor)
      }
      #expect(
        try await shop.desk.portal(of: buyer.account, back: "https://recount.example.org", by: buyer.actor).url != "")
    }
  }
}
