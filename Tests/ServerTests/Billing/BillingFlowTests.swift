import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// From Stripe's facts to the tier. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.minutes(40))) struct BillingFlowTests {
  @Test func whoPaysHasTheTierAndOnlyOnceStripeSaysSo() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.pay(.pro, buyer)
      #expect(try await shop.tier(of: buyer) == .free)
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .pro)
      try await shop.arrive()
      #expect(try await shop.events("tier_changed", of: buyer) == 1)
    }
  }

  @Test func sequence2TheFourEventsOfACheckoutInEveryOrderAreOneTierChange() async throws {
    try await Shop.with { shop in
      let types = [
        "customer.subscription.created", "invoice.paid", "customer.subscription.updated", "checkout.session.completed",
      ]
      for order in Self.orders(of: types) {
        let buyer = try await shop.buyer()
        try await shop.pay(.pro, buyer)
        let customer = try await shop.customer(of: buyer)
        let deliveries = try await shop.deliveries().filter { $0.customer == customer }
        for type in order {
          for delivery in deliveries where delivery.type == type {
            #expect(try await shop.deliver(delivery).status == 200)
            try await shop.follow()
          }
        }
        #expect(try await shop.tier(of: buyer) == .pro, "\(order)")
        #expect(try await shop.events("tier_changed", of: buyer) == 1, "\(order)")
      }
    }
  }

  private static func orders(of types: [String]) -> [[String]] {
    guard types.count > 1 else { return [types] }
    return types.indices.flatMap { index in
      var rest = types
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  @Test func sequence25WhatIsMadeInStripesDashboardForACustomerOfOursIsHonoured() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.pay(.pro, buyer, card: "declined")
      let customer = try await shop.customer(of: buyer)
      let price = try #require(shop.stripe.address.prices["business"])
      try await shop.stripe.test(
        "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .business)
    }
  }

  @Test func sequence30ACustomerWhoIsLinkedAfterItsEventsIsFoldedThen() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let form = try await shop.desk.side.metadata(account: buyer.account)
      let customer = try await shop.desk.client.post("/v1/customers", form, key: "made").id
      let price = try #require(shop.stripe.address.prices["pro"])
      try await shop.stripe.test(
        "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
      try await shop.arrive()
      #expect(try await shop.facts() > 0)
      #expect(try await shop.tier(of: buyer) == .free)
      try await shop.advance(days: 7)
      try await shop.desk.book.link(StripeStream(customer, in: try await shop.desk.mode), to: buyer.account)
      try await shop.follow()
      #expect(try await shop.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence33ADisputeThatIsLostIsFoundThroughItsPaymentAndEndsTheTierAtOnce() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      #expect(try await shop.tier(of: buyer) == .pro)
      try await shop.stripe.test("settings", #"{"dispute_cancels": "lost"}"#)
      let charges = try await shop.stripe.state()["charge"].members.values
      let charge = try #require(charges.first?["id"].string)
      let dispute = try await shop.stripe.test("dashboard/dispute", #"{"charge": "\#(charge)"}"#)
      try await shop.arrive()
      #expect(try await shop.events("dispute_opened", of: buyer) == 1)
      #expect(try await shop.tier(of: buyer) == .pro)
      let id = try #require(dispute["id"].string)
      try await shop.stripe.test("dashboard/close_dispute", #"{"dispute": "\#(id)", "status": "lost"}"#)
      try await shop.arrive()
      #expect(try await shop.desk.billing(buyer.account).subscriptions[subscription]?.status == "canceled")
      #expect(try await shop.tier(of: buyer) == .free)
      let account = try await shop.account(of: buyer)
      #expect(account.quota.of(CalendarMonth(of: shop.service.clock.now)).live == Tier.free.monthlyQuota)
    }
  }

  @Test func sequence39OneOfManyShuffledEventsThatNeverComesIsMendedByAskingOnce() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      for number in 0..<20 {
        // Of the same second they would be one change told twice.
        try await shop.advance(days: 0.001)
        let action = number.isMultiple(of: 2) ? "pause_collection" : "unpause_collection"
        let behavior = number.isMultiple(of: 2) ? #", "behavior": "void""# : ""
        try await shop.stripe.test("dashboard/\(action)", #"{"subscription": "\#(subscription)"\#(behavior)}"#)
      }
      let updates = try await shop.deliveries().filter { $0.type == "customer.subscription.updated" }
      let lost = updates[updates.count / 2].id
      try await shop.stripe.test("drop", #"{"ids": ["\#(lost)"], "hide": true}"#)
      let asked = try await shop.stripe.calls("GET", "/v1/subscriptions/\(subscription)").count
      for delivery in try await shop.deliveries(#""shuffle": 39"#) where delivery.id != lost {
        #expect(try await shop.deliver(delivery).status == 200)
      }
      try await shop.follow()
      let calls = try await shop.stripe.calls("GET", "/v1/subscriptions/\(subscription)").count
      #expect(calls == asked + 1)
      #expect(try await shop.facts(of: lost) == 0)
      let said = try await shop.desk.billing(buyer.account).subscriptions[subscription]
      #expect(said?.status == "active" && said?.isCollectionPaused == false)
      #expect(try await shop.tier(of: buyer) == .pro)
    }
  }

  @Test func whatFollowsIsSaidOnceHoweverManySayItAndWhereverTheyAreCut() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.pay(.pro, buyer)
      let other = try await shop.service.test.another()
      let elsewhere = BillingDesk(
        try shop.stripe.settings(), log: other, clock: shop.service.clock, logger: Service.silent)
      for delivery in try await shop.deliveries() {
        _ = try await shop.deliver(delivery)
        // Who is cut off after the append, before it is noted, does it again.
        try await withThrowingTaskGroup { group in
          for number in 0..<6 {
            group.addTask { _ = try await (number.isMultiple(of: 2) ? shop.desk : elsewhere).follow(buyer.account) }
          }
          try await group.waitForAll()
        }
        let cut = Task { try await shop.desk.follow(buyer.account) }
        cut.cancel()
        _ = await cut.result
      }
      try await shop.follow()
      await other.close()
      #expect(try await shop.tier(of: buyer) == .pro)
      #expect(try await shop.events("tier_changed", of: buyer) == 1)
      let twice = try await shop.service.number(
        """
        SELECT count(*) AS n FROM (
          SELECT FROM log.events WHERE account_id = \(buyer.account) AND type IN ('subscription_changed', 'invoice_recorded')
          GROUP BY type, data - 'facts' HAVING count(*) > 1) AS twice
        """)
      #expect(twice == 0)
    }
  }

  @Test func anAccountThatIsTakenAndNotEndedIsDueAgainAndANoteMeanwhileIsNotLost() async throws {
    try await Shop.with { shop in
      let queue = BillingQueue(pool: shop.pool)
      let (account, now) = (UUID(), shop.service.clock.now)
      try await queue.note(account, at: now)
      let first = try #require(try await queue.take(at: now))
      #expect(first.account == account)
      #expect(try await queue.take(at: now) == nil)
      let second = try #require(try await queue.take(at: now + BillingQueue.lease))
      #expect(second.attempts == 2)
      try await queue.note(account, at: now)
      try await queue.finish(second, next: nil)
      let third = try #require(try await queue.take(at: now))
      try await queue.finish(third, next: now + .days(1))
      #expect(try await queue.take(at: now + .hours(23)) == nil)
      #expect(try await queue.take(at: now + .days(1))?.account == account)
    }
  }
}
