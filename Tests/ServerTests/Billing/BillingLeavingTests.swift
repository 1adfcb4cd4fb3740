import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// Nobody who wishes to be forgotten pays any more; and what Stripe has is what is known here.
@Suite(.timeLimit(.whatHangs)) struct BillingLeavingTests {
  @Test func sequence42AWishThatIsTakenBackAndMadeAgainIsNeverChargedAfterIt() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      let ending = { () async throws -> Bool in
        try await till.arrive()
        return try await till.stripe.state()["subscription"][subscription]["cancel_at_period_end"] == .bool(true)
      }
      try await till.desk.leave([buyer.account], by: buyer.actor)
      #expect(try await ending())
      try await till.desk.stay([buyer.account], by: buyer.actor)
      #expect(try await !ending())
      try await till.desk.leave([buyer.account], by: buyer.actor)
      #expect(try await ending())
      await #expect(throws: BillingDesk.StillSubscribed.self) {
        try await till.desk.requireNothingRuns([buyer.account], of: buyer.actor.userID)
      }
      let before = try await till.stripe.state()["invoice"].members.count
      try await till.advance(days: 40)
      try await till.arrive()
      #expect(try await till.stripe.state()["invoice"].members.count == before)
      try await till.desk.requireNothingRuns([buyer.account], of: buyer.actor.userID)
      #expect(try await till.tier(of: buyer) == .free)
    }
  }

  @Test func whatWasToEndBeforeTheWishStillEndsWhenItIsTakenBack() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      try await till.desk.cancel(buyer.account, by: buyer.actor)
      try await till.desk.leave([buyer.account], by: buyer.actor)
      try await till.desk.stay([buyer.account], by: buyer.actor)
      #expect(try await till.stripe.state()["subscription"][subscription]["cancel_at_period_end"] == .bool(true))
    }
  }

  @Test func erasureOfTheLastOwnerLeavesNothingToReadHereAndNobodyAtStripe() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let stream = StripeStream(try await till.customer(of: buyer), in: try await till.desk.mode)
      var people = try till.service.people
      people.billing = till.desk
      await #expect(throws: BillingDesk.StillSubscribed.self) {
        try await people.forgetPayments(of: buyer.actor.userID, [buyer.account])
      }
      let subscription = try #require(try await till.desk.billing(buyer.account).subscriptions.keys.first)
      _ = try await till.desk.client.delete("/v1/subscriptions/\(subscription)")
      for _ in 0..<2 { try await people.forgetPayments(of: buyer.actor.userID, [buyer.account]) }
      let keys = try await till.service.number(
        "SELECT count(*) AS n FROM vault.keys WHERE subject = \(stream.sealingSubject) AND key IS NOT NULL")
      #expect(keys == 0)
      // What Stripe says of the end is folded all the same.
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .free)
      #expect(try await till.desk.book.customer(stream).isDeleted)
    }
  }

  @Test func whatWasNeverDeliveredIsReadFromStripesListOnce() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let job = BillingEventsJob(desk: till.desk)
      try await job.run(now: till.service.clock.now)
      try await till.follow()
      #expect(try await till.tier(of: buyer) == .pro)
      // What was changed at Stripe because of that is told there, too.
      try await job.run(now: till.service.clock.now)
      let facts = try await till.facts()
      try await job.run(now: till.service.clock.now)
      try await till.arrive()
      #expect(try await till.facts() == facts)
      #expect(try await till.events("tier_changed", of: buyer) == 1)
    }
  }

  @Test func sequence40AnAccountThatARestoredLogDoesNotKnowAsPayingIsFoundAtStripe() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let form = try await till.desk.side.metadata(account: buyer.account)
      let customer = try await till.desk.client.post("/v1/customers", form, key: "made").id
      let price = try #require(till.stripe.address.prices["pro"])
      try await till.stripe.test(
        "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
      let (accounts, differences) = try await BillingReconcileJob(desk: till.desk).reconcile()
      #expect(accounts == 1 && differences.count == 1)
      #expect(try await till.tier(of: buyer) == .pro)
      #expect(try await till.events("billing_attention_needed", of: buyer) == 1)
      #expect(try await BillingReconcileJob(desk: till.desk).reconcile().differences.isEmpty)
    }
  }

  @Test func theSetupRunTwiceMakesNothingTwice() async throws {
    try await Till.with { till in
      let before = try await till.stripe.state()
      _ = try await BillingSetup(desk: till.desk)(publicURL: "https://recount.example.org")
      let after = try await till.stripe.state()
      for kind in ["product", "price", "webhook_endpoint", "billing_portal.configuration"] {
        #expect(before[kind].members.count == after[kind].members.count, "\(kind)")
      }
      #expect(try await till.desk.sold() == [.pro, .business])
      #expect(
        try await till.service.number("SELECT count(*) AS n FROM log.events WHERE type = 'billing_catalogue_set'") == 1)
    }
  }
}
