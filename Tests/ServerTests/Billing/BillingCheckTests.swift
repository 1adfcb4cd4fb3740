import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// The facts folded anew: what the log says of money is what Stripe said, and whoever says something else is found.
@Suite(.timeLimit(.whatHangs)) struct BillingCheckTests {
  @Test(arguments: [3, 17]) func aStoryInAnyOrderIsWhatTheFactsSayWhereverItStands(seed: Int) async throws {
    try await Till.with { till in
      let (buyer, other) = (try await till.buyer(), try await till.buyer())
      let paid = try await till.pay(.pro, buyer, card: "fails_later")
      let ended = try await till.pay(.business, other)
      try await till.arriveOneByOne(seed)
      try await till.advance(days: 32)
      try await till.arriveOneByOne(seed)
      let subscription = try #require(paid.subscription)
      #expect(try await till.desk.billing(buyer.account).subscriptions[subscription]?.status == "past_due")
      // Nothing is heard of it for so long that it gives nothing any more.
      try await till.advance(days: 31)
      try await till.desk.follow(buyer.account)
      #expect(try await till.tier(of: buyer) == .free)
      let running = try #require(ended.subscription)
      _ = try await till.desk.client.delete("/v1/subscriptions/\(running)")
      try await till.arriveOneByOne(seed)
      for account in [buyer, other] { #expect(try await till.tier(of: account) == .free) }
      let report = try await till.check()
      #expect(report.isClean && report.waiting == 0 && report.unlinked == 0, "\(report.differences)")
      let facts = try await till.service.number(
        "SELECT count(*) AS n FROM log.events WHERE type IN ('stripe_event_received', 'stripe_object_fetched', 'billing_customer_linked')"
      )
      #expect(report.facts == facts && report.customers == 2 && report.accounts == 2)
    }
  }

  @Test func whatIsStillToBeSaidWaitsAndIsNoDifferenceUntilNobodyIsToSayIt() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let paid = try await till.pay(.pro, buyer)
      for delivery in try await till.deliveries() { try await till.deliver(delivery) }
      let waiting = try await till.check()
      #expect(waiting.isClean && waiting.waiting == 1, "\(waiting)")
      // It is noted, and a worker has it.
      try await till.followFacts()
      let noted = try await till.check()
      #expect(noted.isClean && noted.waiting == 1, "\(noted)")
      try await till.service.test.owner.query("UPDATE operations.billing_due SET due_at = 'infinity', attempts = 0")
      let kept = try await till.check()
      #expect(kept.waiting == 0 && kept.differences.map(\.account) == [buyer.account], "\(kept)")
      let difference = try #require(kept.differences.first)
      let subscription = try #require(paid.subscription)
      #expect(difference.subject == "subscription \(subscription)")
      #expect(difference.facts.hasPrefix("active") && difference.log == "nothing of it")
      try await till.desk.follow(buyer.account)
      #expect(try await till.check().isClean)
    }
  }

  @Test func aTierThatNoSubscriptionGivesIsNamed() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let stream = StreamID.account(buyer.account, shard: till.desk.log.shards.shard(of: buyer.account))
      let command = Account.Command.changeTier(.business, because: .subscription, at: till.service.clock.now)
      let forged = try #require(try await till.desk.log.handle(command, by: Account.self, on: stream).position)
      let report = try await till.check()
      #expect(report.differing == 1, "\(report.differences)")
      let difference = try #require(report.differences.first)
      #expect(difference.account == buyer.account && difference.subject == "tier")
      #expect(difference.facts.contains("tier pro") && difference.log.contains("tier business"))
      #expect(difference.log.contains("position \(forged) of shard \(stream.shard)"))
    }
  }

  @Test func whatTheOperatorSetsIsNoDifference() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      _ = try await ChangeTier(log: till.desk.log, clock: till.service.clock)(buyer.account, to: .business)
      #expect(try await till.check().isClean)
      try await till.desk.follow(buyer.account)
      _ = try await ChangeTier(log: till.desk.log, clock: till.service.clock)(buyer.account, to: .free)
      #expect(try await till.check().isClean)
      try await till.desk.follow(buyer.account)
      let report = try await till.check()
      #expect(report.isClean, "\(report.differences)")
    }
  }

  @Test func aSubscriptionThatStripeNeverSpokeOfIsNamed() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let real = try await till.subscribe(.pro, buyer)
      var lie = try #require(try await till.desk.billing(buyer.account).subscriptions[real])
      lie.tier = .business
      try await till.say(lie, of: buyer)
      var other = lie
      other.subscription = "sub_forged"
      try await till.say(other, of: buyer)
      let report = try await till.check()
      let subjects = Set(report.differences.map(\.subject))
      #expect(subjects == ["subscription \(real)", "subscription sub_forged"], "\(report.differences)")
      #expect(report.differences.allSatisfy { $0.account == buyer.account && $0.log.contains("tier business") })
      #expect(report.differences.contains { $0.facts.hasPrefix("nothing of it") })
    }
  }

  @Test func aFactThatWasAlteredIsNamedByWhatItWouldHaveLedTo() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      #expect(try await till.check().isClean)
      try await till.service.test.owner.query(
        """
        UPDATE log.batches SET events = replace(events::text, '"status": "active"', '"status": "unpaid"')::jsonb
        WHERE events::text LIKE '%stripe_event_received%'
        """)
      let report = try await till.check()
      let difference = report.differences.first { $0.subject == "subscription \(subscription)" }
      #expect(difference?.account == buyer.account && difference?.facts.hasPrefix("unpaid") == true, "\(report)")
      #expect(difference?.log.contains("active, tier pro") == true, "\(report)")
    }
  }

  @Test func aFactThatIsGoneIsNamedByWhereItWas() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let row = try #require(
        try await till.service.test.owner.query(
          """
          SELECT shard, position FROM log.events
          WHERE type = 'stripe_event_received' AND data ->> 'event_type' LIKE 'customer.subscription.%' ORDER BY position LIMIT 1
          """
        ).first)
      let (shard, position): (Int, Int64) = (try row.decode("shard"), try row.decode("position"))
      try await till.service.test.owner.query(
        "DELETE FROM log.batches WHERE shard = \(Int32(shard)) AND last_position = \(position)")
      let report = try await till.check()
      let difference = try #require(report.differences.first { $0.account == buyer.account })
      #expect(difference.facts.contains("position \(position) of shard \(shard)"), "\(report)")
    }
  }

  @Test func anErasureLeavesItWhole() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      let before = try await till.check()
      try await BillingCustomers(log: till.desk.log).eraseKeys(of: buyer.account)
      let after = try await till.check()
      #expect(after.isClean && after.facts > 0 && after == before, "\(after)")
    }
  }

  @Test func whatWasBoughtInTestModeAndEndedByAKeyOfLiveIsNoDifference() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      try await till.live { live in
        try await live.desk.follow(buyer.account)
        #expect(try await till.tier(of: buyer) == .free)
        let report = try await till.check()
        #expect(report.isClean && report.left == 0, "\(report.differences)")
      }
    }
  }

  @Test func ofALogWithoutMoneyNothingIsSaid() async throws {
    try await Service.with { service in
      _ = try await service.openWithOwner(.pro)
      let report = try await BillingCheck(pool: service.test.owner)()
      #expect(report.isEmpty && report.isClean)
    }
  }

  @Test func aTierIsExplainedDownToWhatStripeSaid() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      try await till.advance(days: 1)
      try await till.service.catchUp()
      let questions = try Questions(log: till.desk.log, queries: Service.queries)
      let explained = try #require(try await questions.explainTier(of: buyer.account, at: till.service.clock.now))
      #expect(explained.tier == .pro && explained.granted == nil && explained.origin?.cause == .subscription)
      let (said, facts) = (try #require(explained.origin?.follows.first), try #require(explained.facts.first))
      #expect(said.subscription == subscription && facts.subscription == subscription)
      #expect(Int64(facts.facts.count { $0.type == "stripe_event_received" }) == said.facts)
      #expect(facts.facts.contains { $0.type == "billing_customer_linked" })
      for fact in facts.facts where fact.type != "stripe_object_fetched" {
        let found = try await till.service.number(
          """
          SELECT count(*) AS n FROM log.events
          WHERE shard = \(Int32(fact.shard)) AND position = \(fact.position) AND type = \(fact.type)
            AND (\(fact.id ?? "") = '' OR data ->> 'event_id' = \(fact.id ?? ""))
          """)
        #expect(found == 1, "\(fact)")
      }
      #expect(try await questions.explainTier(of: UUID(), at: till.service.clock.now) == nil)
    }
  }
}

extension Till {
  /// As an auditor would.
  fileprivate func check() async throws -> BillingCheckReport {
    var settings = service.test.database.settings
    settings.role = "recount_auditor"
    let pool = Pool(settings, size: 1, logger: Service.silent)
    do {
      let report = try await BillingCheck(pool: pool, clock: service.clock)()
      await pool.close()
      return report
    } catch {
      await pool.close()
      throw error
    }
  }

  /// All that Stripe has to tell arrives out of order, and what follows is said after each.
  fileprivate func arriveOneByOne(_ seed: Int) async throws {
    for delivery in try await deliveries(#""shuffle": \#(seed)"#) {
      #expect(try await deliver(delivery).status == 200)
      try await follow()
    }
  }

  /// Notes who is due, and says nothing.
  fileprivate func followFacts() async throws {
    let follower = BillingFollower(archive: nil, clock: service.clock)
    for shard in desk.log.shards.all {
      while case .moved = try await Step(follower, shard: shard).run(on: pool) {}
    }
  }

  /// Appends to what was said of an account what nothing leads to.
  fileprivate func say(_ lie: SubscriptionChanged, of buyer: Buyer) async throws {
    let stream = StreamID.billing(of: buyer.account, shard: desk.log.shards.shard(of: buyer.account))
    try await service.test.record(lie, on: stream, after: try await desk.log.version(of: stream))
  }
}
