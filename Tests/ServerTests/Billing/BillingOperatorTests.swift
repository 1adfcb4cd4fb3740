import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// What whoever runs an installation sees and settles. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.whatHangs)) struct BillingOperatorTests {
  @Test func theStateNamesTheSideWhatIsSoldAndTheEndpointAndNoSecret() async throws {
    try await Till.with { till in
      let overseer = BillingOperator(desk: till.desk)
      let text = try await overseer.state().joined(separator: "\n")
      let (mode, installation) = (try await till.desk.mode, try await till.desk.side.installation())
      #expect(text.contains("\(mode.stripeAccount), test mode") && text.contains(installation), "\(text)")
      for (tier, price) in till.stripe.address.prices { #expect(text.contains("\(tier) \(price)"), "\(text)") }
      #expect(text.contains("https://recount.example.org") && !text.contains("none of ours"), "\(text)")
      #expect(!text.contains(till.stripe.address.apiKey) && !text.contains("whsec_"))
      #expect(try await overseer.attention().isEmpty)
    }
  }

  @Test func sequence27OfTwoThatArePaidTheHigherCountsAndTheYoungerIsCanceledAndGivenBack() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let older = try await till.subscribe(.pro, buyer)
      try await till.advance(days: 1)
      let younger = try await till.another(.business, buyer)
      #expect(try await till.tier(of: buyer) == .business)
      let overseer = BillingOperator(desk: till.desk)
      let waiting = try await overseer.attention().filter { $0.what == "two_subscriptions" }
      #expect(waiting.map(\.account) == [buyer.account] && waiting.map(\.subject) == [younger])
      let resolve = { () async throws -> Void in
        try await overseer.resolve(
          .twoSubscriptions, of: younger, for: buyer.account, because: "paid twice", canceling: younger)
      }
      try await resolve()
      try await till.arrive()
      let objects = try await till.stripe.state()
      #expect(objects["subscription"][younger]["status"] == "canceled")
      #expect(objects["subscription"][older]["status"] == "active")
      #expect(objects["refund"].members.values.map { $0["amount"].integer } == [2_900])
      #expect(try await till.tier(of: buyer) == .pro)
      #expect(try await !overseer.attention().contains { $0.what == "two_subscriptions" })
      // Again it gives back nothing more.
      await #expect(throws: Billing.Failure.noSuchAttention) { try await resolve() }
      #expect(try await till.stripe.state()["refund"].members.count == 1)
      #expect(try await till.events("billing_attention_resolved", of: buyer) == 1)
    }
  }

  /// What may befall the call that gives money back: its answer is lost, Stripe answers 500 and has made it or not, or it is down for so long that
  /// whoever settles it gives up and comes back another day.
  @Test(arguments: [
    #""times": 1, "kind": "close", "after": true"#, #""times": 1, "status": 500, "after": true"#,
    #""times": 1, "status": 500, "after": false"#, #""times": 4, "kind": "close", "after": false"#,
  ]) func aRefundWhoseAnswerIsLostIsMadeOnce(fault: String) async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      try await till.advance(days: 1)
      let younger = try await till.another(.business, buyer)
      try await till.stripe.test("faults", #"{"method": "POST", "path": "/v1/refunds", \#(fault)}"#)
      let resolve = { () async throws -> Void in
        try await BillingOperator(desk: till.desk).resolve(
          .twoSubscriptions, of: younger, for: buyer.account, because: "paid twice", canceling: younger)
      }
      do { try await resolve() } catch is StripeFailure {
        try await till.advance(days: 2)
        try await resolve()
      }
      let refunds = try await till.stripe.state()["refund"].members.values
      #expect(refunds.map { $0["amount"].integer } == [2_900])
      #expect(try await till.events("refund_requested", of: buyer) == 1)
      #expect(try await till.events("billing_attention_resolved", of: buyer) == 1)
      let keys = try await till.stripe.calls("POST", "/v1/refunds").compactMap { $0["idempotency_key"].string }
      #expect(!keys.isEmpty && keys.allSatisfy { $0.contains("-refund-pi_") }, "\(keys)")
    }
  }

  /// A key is forgotten after a day: what was made is looked for before it is made.
  @Test func whoeverGoesOnWithARefundThatIsMadeAsksForNoOther() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      let overseer = BillingOperator(desk: till.desk)
      for _ in 0..<3 { try await overseer.giveBack(subscription, of: buyer.account, because: "killed in between") }
      #expect(try await till.stripe.calls("POST", "/v1/refunds").count == 1)
      #expect(try await till.events("refund_requested", of: buyer) == 1)
    }
  }

  @Test func nothingIsGivenBackForWhatNobodyHasToSettle() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let only = try await till.subscribe(.pro, buyer)
      await #expect(throws: Billing.Failure.noSuchAttention) {
        try await BillingOperator(desk: till.desk).resolve(
          .twoSubscriptions, of: only, for: buyer.account, because: "a slip", canceling: only)
      }
      #expect(try await till.events("refund_requested", of: buyer) == 0)
      #expect(try await till.stripe.state()["subscription"][only]["status"] == "active")
    }
  }

  @Test func theTierThatAnOperatorSetStaysWhateverIsBoughtBesideIt() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let change = ChangeTier(log: till.desk.log, clock: till.service.clock)
      try await change(buyer.account, to: .business)
      let subscription = try await till.subscribe(.pro, buyer)
      #expect(try await till.tier(of: buyer) == .business)
      _ = try await BillingReconcileJob(desk: till.desk).reconcile()
      #expect(try await till.tier(of: buyer) == .business)
      try await change(buyer.account, to: .free)
      try await till.desk.follow(buyer.account)
      #expect(try await till.tier(of: buyer) == .pro, "what is paid for counts where the operator's is lower")
      try await change(buyer.account, to: .business)
      _ = try await till.desk.client.delete("/v1/subscriptions/\(subscription)")
      try await till.arrive()
      _ = try await BillingReconcileJob(desk: till.desk).reconcile()
      #expect(try await till.tier(of: buyer) == .business)
    }
  }

  @Test func aTimeOfOnesOwnChoiceIsNoneToReckonAnUpgradeFrom() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      try await till.advance(days: 20)
      try await till.arrive()
      let path = "/v1/subscriptions/\(subscription)"
      // Its card became the customer's.
      let before = try await till.stripe.calls("POST", path).count
      let now = till.service.clock.now
      for date in [now - .days(19), now - .hours(2), now + .hours(1)] {
        await #expect(throws: Billing.Failure.unsettled) {
          try await till.desk.upgrade(to: .business, of: buyer.account, prorationDate: date, by: buyer.actor)
        }
      }
      #expect(try await till.stripe.calls("POST", path).count == before)
      #expect(try await till.events("tier_change_requested", of: buyer) == 0)
    }
  }

  @Test func whoLeavesEndsBothOfTwoSubscriptions() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let both = [try await till.subscribe(.pro, buyer), try await till.another(.business, buyer)]
      try await till.desk.leave([buyer.account], by: buyer.actor)
      let objects = try await till.stripe.state()
      for subscription in both {
        #expect(objects["subscription"][subscription]["cancel_at_period_end"] == .bool(true))
      }
      let invoices = objects["invoice"].members.count
      try await till.advance(days: 40)
      try await till.arrive()
      #expect(try await till.stripe.state()["invoice"].members.count == invoices)
      try await till.desk.requireNothingRuns([buyer.account], of: buyer.actor.userID)
      #expect(try await till.tier(of: buyer) == .free)
    }
  }

  @Test func oneEventThatStripeRefusesToExplainKeepsNoOtherFromBeingRead() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let charge = try #require(try await till.stripe.state()["charge"].members.keys.first)
      try await till.stripe.test("dashboard/dispute", #"{"charge": "\#(charge)"}"#)
      try await till.stripe.test(
        "faults", #"{"method": "GET", "path": "/v1/charges/*", "times": 1, "kind": "status", "status": 400}"#)
      let job = BillingEventsJob(desk: till.desk)
      await #expect(throws: StripeFailure.self) { try await job.run(now: till.service.clock.now) }
      try await till.follow()
      #expect(try await till.tier(of: buyer) == .pro)
      // The next run asks for it again.
      try await job.run(now: till.service.clock.now)
      try await till.follow()
      #expect(try await till.events("dispute_opened", of: buyer) == 1)
    }
  }
}
