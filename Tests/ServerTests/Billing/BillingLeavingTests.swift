import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// Nobody who wishes to be forgotten pays any more; and what Stripe has is what is known here.
@Suite(.timeLimit(.minutes(40))) struct BillingLeavingTests {
  @Test func sequence42AWishThatIsTakenBackAndMadeAgainIsNeverChargedAfterIt() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      let ending = { () async throws -> Bool in
        try await shop.arrive()
        return try await shop.stripe.state()["subscription"][subscription]["cancel_at_period_end"] == .bool(true)
      }
      try await shop.desk.leave([buyer.account], by: buyer.actor)
      #expect(try await ending())
      try await shop.desk.stay([buyer.account], by: buyer.actor)
      #expect(try await !ending())
      try await shop.desk.leave([buyer.account], by: buyer.actor)
      #expect(try await ending())
      await #expect(throws: BillingDesk.StillSubscribed.self) {
        try await shop.desk.requireNothingRuns([buyer.account], of: buyer.actor.userID)
      }
      let before = try await shop.stripe.state()["invoice"].members.count
      try await shop.advance(days: 40)
      try await shop.arrive()
      #expect(try await shop.stripe.state()["invoice"].members.count == before)
      try await shop.desk.requireNothingRuns([buyer.account], of: buyer.actor.userID)
      #expect(try await shop.tier(of: buyer) == .free)
    }
  }

  @Test func whatWasToEndBeforeTheWishStillEndsWhenItIsTakenBack() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let subscription = try await shop.subscribe(.pro, buyer)
      try await shop.desk.cancel(buyer.account, by: buyer.actor)
      try await shop.desk.leave([buyer.account], by: buyer.actor)
      try await shop.desk.stay([buyer.account], by: buyer.actor)
      #expect(try await shop.stripe.state()["subscription"][subscription]["cancel_at_period_end"] == .bool(true))
    }
  }

  @Test func erasureOfTheLastOwnerLeavesNothingToReadHereAndNobodyAtStripe() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.subscribe(.pro, buyer)
      let stream = StripeStream(try await shop.customer(of: buyer), in: try await shop.desk.mode)
      var people = try shop.service.people
      people.billing = shop.desk
      await #expect(throws: BillingDesk.StillSubscribed.self) {
        try await people.forgetPayments(of: buyer.actor.userID, [buyer.account])
      }
      let subscription = try #require(try await shop.desk.billing(buyer.account).subscriptions.keys.first)
      _ = try await shop.desk.client.delete("/v1/subscriptions/\(subscription)")
      for _ in 0..<2 { try await people.forgetPayments(of: buyer.actor.userID, [buyer.account]) }
      let keys = try await shop.service.number(
        "SELECT count(*) AS n FROM vault.keys WHERE subject = \(stream.sealingSubject) AND key IS NOT NULL")
      #expect(keys == 0)
      // What Stripe says of the end is folded all the same.
      try await shop.arrive()
      #expect(try await shop.tier(of: buyer) == .free)
      #expect(try await shop.desk.book.customer(stream).isDeleted)
    }
  }

  @Test func whatWasNeverDeliveredIsReadFromStripesListOnce() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      try await shop.pay(.pro, buyer)
      let job = BillingEventsJob(desk: shop.desk)
      try await job.run(now: shop.service.clock.now)
      try await shop.follow()
      #expect(try await shop.tier(of: buyer) == .pro)
      let facts = try await shop.facts()
      try await job.run(now: shop.service.clock.now)
      try await shop.arrive()
      #expect(try await shop.facts() == facts)
      #expect(try await shop.events("tier_changed", of: buyer) == 1)
    }
  }

  @Test func sequence40AnAccountThatARestoredLogDoesNotKnowAsPayingIsFoundAtStripe() async throws {
    try await Shop.with { shop in
      let buyer = try await shop.buyer()
      let form = try await shop.desk.side.metadata(account: buyer.account)
      let customer = try await shop.desk.client.post("/v1/customers", form, key: "made").id
      let price = try #require(shop.stripe.address.prices["pro"])
      try await shop.stripe.test(
        "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
      let (accounts, differences) = try await BillingReconcileJob(desk: shop.desk).reconcile()
      #expect(accounts == 1 && differences.count == 1)
      #expect(try await shop.tier(of: buyer) == .pro)
      #expect(try await shop.events("billing_attention_needed", of: buyer) == 1)
      #expect(try await BillingReconcileJob(desk: shop.desk).reconcile().differences.isEmpty)
    }
  }

  @Test func theSetupRunTwiceMakesNothingTwice() async throws {
    try await Shop.with { shop in
      let before = try await shop.stripe.state()
      _ = try await BillingSetup(desk: shop.desk)(publicURL: "https://recount.example.org")
      let after = try await shop.stripe.state()
      for kind in ["product", "price", "webhook_endpoint", "billing_portal.configuration"] {
        #expect(before[kind].members.count == after[kind].members.count, "\(kind)")
      }
      #expect(try await shop.desk.sold() == [.pro, .business])
      #expect(
        try await shop.service.number("SELECT count(*) AS n FROM log.events WHERE type = 'billing_catalogue_set'") == 1)
    }
  }
}
