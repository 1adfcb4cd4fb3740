import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// The card that whoever pays entered last is the one that is charged.
@Suite(.timeLimit(.whatHangs)) struct BillingCardTests {
  @Test func theCardOfACheckoutBecomesTheCustomersOnceAndOneOfThePortalIsChargedAfterIt() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      let customer = try await till.customer(of: buyer)
      let paid = try await till.cards(of: customer, subscription)
      #expect(paid.customer != nil && paid.subscription == nil)
      try await till.enterInPortal("fails_later", buyer)
      let entered = try await till.cards(of: customer, subscription)
      #expect(entered.customer != paid.customer && entered.subscription == nil)
      // Again, and by one who has forgotten that it was done.
      try await till.arrive()
      try await till.desk.log.pool.query("DELETE FROM operations.billing_memory WHERE name LIKE '%/card/%'")
      try await till.desk.follow(buyer.account)
      #expect(try await till.cards(of: customer, subscription) == entered)
      try await till.advance(days: 32)
      try await till.arrive()
      #expect(try await till.stripe.state()["subscription"][subscription]["status"] == "past_due")
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func whoComesBackFromCheckoutBeforeStripesEventsHasTheirCardMovedThen() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let (session, subscription) = try await till.pay(.pro, buyer)
      try await till.desk.confirm(session: session, of: buyer.account, by: buyer.actor)
      let customer = try await till.customer(of: buyer)
      let cards = try await till.cards(of: customer, try #require(subscription))
      #expect(cards.customer != nil && cards.subscription == nil)
      try await till.arrive()
      #expect(try await till.stripe.calls("POST", "/v1/customers/\(customer)").count == 1)
    }
  }

  @Test func whatIsCutOffBetweenTheTwoCallsGoesOnAfterwards() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try #require(try await till.pay(.pro, buyer).subscription)
      let customer = try await till.customer(of: buyer)
      try await till.stripe.test(
        "faults",
        """
        {"method": "POST", "path": "/v1/subscriptions/\(subscription)", "times": 4, "kind": "close", "after": false}
        """)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .pro)
      let cut = try await till.cards(of: customer, subscription)
      #expect(cut.customer != nil && cut.subscription == cut.customer)
      try await till.advance(days: 0.01)
      try await till.follow()
      let cards = try await till.cards(of: customer, subscription)
      #expect(cards.customer == cut.customer && cards.subscription == nil)
    }
  }
}

extension Till {
  struct Cards: Equatable {
    let customer, subscription: String?
  }

  /// The default cards at Stripe.
  fileprivate func cards(of customer: String, _ subscription: String) async throws -> Cards {
    let objects = try await stripe.state()
    return Cards(
      customer: objects["customer"][customer]["invoice_settings"]["default_payment_method"].string,
      subscription: objects["subscription"][subscription]["default_payment_method"].string)
  }

  /// What the portal's page does with a card.
  fileprivate func enterInPortal(_ card: String, _ buyer: Buyer) async throws {
    let url = try await desk.portal(of: buyer.account, back: "https://recount.example.org", by: buyer.actor).url
    let came = try await StripeTransport().send(
      StripeTransport.Sent(
        method: "POST", url: "\(url)/card", headers: [("Content-Type", "application/x-www-form-urlencoded")],
        body: "card=\(card)", seconds: 60))
    #expect(came.status == 303)
  }
}
