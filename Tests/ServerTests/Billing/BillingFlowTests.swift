import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// From Stripe's facts to the tier. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.whatHangs)) struct BillingFlowTests {
  @Test func whoPaysHasTheTierAndOnlyOnceStripeSaysSo() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      #expect(try await till.tier(of: buyer) == .free)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .pro)
      try await till.arrive()
      #expect(try await till.events("tier_changed", of: buyer) == 1)
    }
  }

  @Test func sequence2TheFourEventsOfACheckoutInEveryOrderAreOneTierChange() async throws {
    try await Till.with { till in
      let types = [
        "customer.subscription.created", "invoice.paid", "customer.subscription.updated", "checkout.session.completed",
      ]
      for order in Self.orders(of: types) {
        let buyer = try await till.buyer()
        try await till.pay(.pro, buyer)
        let customer = try await till.customer(of: buyer)
        let deliveries = try await till.deliveries().filter { $0.customer == customer }
        for type in order {
          for delivery in deliveries where delivery.type == type {
            #expect(try await till.deliver(delivery).status == 200)
            try await till.follow()
          }
        }
        #expect(try await till.tier(of: buyer) == .pro, "\(order)")
        #expect(try await till.events("tier_changed", of: buyer) == 1, "\(order)")
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
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer, card: "declined")
      let customer = try await till.customer(of: buyer)
      let price = try #require(till.stripe.address.prices["business"])
      try await till.stripe.test(
        "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .business)
    }
  }

  @Test func sequence30ACustomerWhoIsLinkedAfterItsEventsIsFoldedThen() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let form = try await till.desk.side.metadata(account: buyer.account)
      let customer = try await till.desk.client.post("/v1/customers", form, key: "made").id
      let price = try #require(till.stripe.address.prices["pro"])
      try await till.stripe.test(
        "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
      try await till.arrive()
      #expect(try await till.facts() > 0)
      #expect(try await till.tier(of: buyer) == .free)
      try await till.advance(days: 7)
      try await till.desk.book.link(StripeStream(customer, in: try await till.desk.mode), to: buyer.account)
      try await till.follow()
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence33ADisputeThatIsLostIsFoundThroughItsPaymentAndEndsTheTierAtOnce() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      #expect(try await till.tier(of: buyer) == .pro)
      try await till.stripe.test("settings", #"{"dispute_cancels": "lost"}"#)
      let charges = try await till.stripe.state()["charge"].members.values
      let charge = try #require(charges.first?["id"].string)
      let dispute = try await till.stripe.test("dashboard/dispute", #"{"charge": "\#(charge)"}"#)
      try await till.arrive()
      #expect(try await till.events("dispute_opened", of: buyer) == 1)
      #expect(try await till.tier(of: buyer) == .pro)
      let id = try #require(dispute["id"].string)
      try await till.stripe.test("dashboard/close_dispute", #"{"dispute": "\#(id)", "status": "lost"}"#)
      try await till.arrive()
      #expect(try await till.desk.billing(buyer.account).subscriptions[subscription]?.status == "canceled")
      #expect(try await till.tier(of: buyer) == .free)
      let account = try await till.account(of: buyer)
      #expect(account.quota.of(CalendarMonth(of: till.service.clock.now)).live == Tier.free.monthlyQuota)
    }
  }

  @Test func sequence39OneOfManyShuffledEventsThatNeverComesIsMendedByAskingOnce() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      for number in 0..<20 {
        // Of the same second they would be one change told twice.
        try await till.advance(days: 0.001)
        let action = number.isMultiple(of: 2) ? "pause_collection" : "unpause_collection"
        let behavior = number.isMultiple(of: 2) ? #", "behavior": "void""# : ""
        try await till.stripe.test("dashboard/\(action)", #"{"subscription": "\#(subscription)"\#(behavior)}"#)
      }
      let updates = try await till.deliveries().filter { $0.type == "customer.subscription.updated" }
      let lost = updates[updates.count / 2].id
      try await till.stripe.test("drop", #"{"ids": ["\#(lost)"], "hide": true}"#)
      let asked = try await till.stripe.calls("GET", "/v1/subscriptions/\(subscription)").count
      for delivery in try await till.deliveries(#""shuffle": 39"#) where delivery.id != lost {
        #expect(try await till.deliver(delivery).status == 200)
      }
      try await till.follow()
      let calls = try await till.stripe.calls("GET", "/v1/subscriptions/\(subscription)").count
      #expect(calls == asked + 1)
      #expect(try await till.facts(of: lost) == 0)
      let said = try await till.desk.billing(buyer.account).subscriptions[subscription]
      #expect(said?.status == "active" && said?.isCollectionPaused == false)
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence48NothingOfTestModeIsKnownInLive() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let mode = try await till.desk.mode
      let live = StripeMode(stripeAccount: mode.stripeAccount, livemode: true)
      #expect(try await till.desk.follow.facts(buyer.account, in: mode).customers.count == 1)
      let facts = try await till.desk.follow.facts(buyer.account, in: live)
      #expect(facts.customers.isEmpty && facts.catalogue.price(of: .pro) == nil)
    }
  }

  @Test func whatFollowsIsSaidOnceHoweverManySayItAndWhereverTheyAreCut() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let other = try await till.service.test.another()
      let elsewhere = BillingDesk(
        try till.stripe.settings(), log: other, clock: till.service.clock, logger: Service.silent)
      for delivery in try await till.deliveries() {
        _ = try await till.deliver(delivery)
        // Who is cut off after the append, before it is noted, does it again.
        try await withThrowingTaskGroup { group in
          for number in 0..<6 {
            group.addTask { _ = try await (number.isMultiple(of: 2) ? till.desk : elsewhere).follow(buyer.account) }
          }
          try await group.waitForAll()
        }
        let cut = Task { try await till.desk.follow(buyer.account) }
        cut.cancel()
        _ = await cut.result
      }
      try await till.follow()
      await other.close()
      #expect(try await till.tier(of: buyer) == .pro)
      #expect(try await till.events("tier_changed", of: buyer) == 1)
      let twice = try await till.service.number(
        """
        SELECT count(*) AS n FROM (
          SELECT FROM log.events WHERE account_id = \(buyer.account) AND type IN ('subscription_changed', 'invoice_recorded')
          GROUP BY type, data - 'facts' HAVING count(*) > 1) AS twice
        """)
      #expect(twice == 0)
    }
  }

  @Test func anAccountThatIsTakenAndNotEndedIsDueAgainAndANoteMeanwhileIsNotLost() async throws {
    try await Till.with { till in
      let queue = BillingQueue(pool: till.pool)
      let (account, now) = (UUID(), till.service.clock.now)
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
