import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// One log under keys of test mode and of live, one after the other. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.whatHangs)) struct BillingSidesTests {
  @Test func sequence48WhatWasBoughtInTestModeEndsWhenAServerStartsInLive() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      #expect(try await till.tier(of: buyer) == .business)
      try await till.live { live in
        let worker = live.desk.worker(over: live.pool)
        let run = Task { try await worker.run() }
        try await soon("what was bought in test mode is over") { try await till.tier(of: buyer) == .free }
        run.cancel()
        _ = await run.result
      }
    }
  }

  @Test func sequence48TheNightlyComparisonInLiveLeavesNothingOfTestMode() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      try await till.live { live in
        for _ in 0..<2 {
          let (accounts, differences) = try await BillingReconcileJob(desk: live.desk).reconcile()
          #expect(accounts == 0 && differences.isEmpty)
          #expect(try await till.tier(of: buyer) == .free)
        }
        #expect(try await till.events("tier_changed", of: buyer) == 2)
      }
    }
  }

  @Test func sequence48AKeyOfTestModeTakesNothingThatIsPaidForInLive() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.live { live in
        let (session, _) = try await live.pay(.business, buyer)
        #expect(try await live.desk.confirm(session: session, of: buyer.account, by: buyer.actor) == .complete)
        #expect(try await till.tier(of: buyer) == .business)
      }
      try await till.desk.follow(buyer.account)
      #expect(try await BillingReconcileJob(desk: till.desk).reconcile().accounts == 0)
      #expect(try await till.tier(of: buyer) == .business)
      // Nor does what is bought beside it in test mode, and ends there.
      let subscription = try await till.subscribe(.pro, buyer)
      _ = try await till.desk.client.delete("/v1/subscriptions/\(subscription)")
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .business)
    }
  }

  @Test func aPageThatIsOpenInTestModeKeepsNobodyFromPayingInLive() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let open = try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url
      try await till.live { live in
        let page = try await live.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url
        #expect(page != open && page.hasPrefix(live.stripe.address.address))
        #expect(try await live.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url == page)
        let (session, _) = try await live.pay(.pro, buyer)
        _ = try await live.desk.confirm(session: session, of: buyer.account, by: buyer.actor)
        #expect(try await till.tier(of: buyer) == .pro)
      }
    }
  }

  @Test func sequence37WhatIsOfTheOtherModeIsRefusedAndNotRecorded() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let delivery = try #require(try await till.deliveries(#""set": {"livemode": true}"#).last)
      try await till.deliver(delivery).expectProblem("delivery-refused", status: 400)
      let ofTest = try #require(try await till.deliveries().last)
      try await till.live { live in
        await #expect(throws: StripeEventRefused.self) { try await live.desk.door.take(Array(ofTest.body.utf8)) }
      }
      #expect(try await till.facts() == 0)
    }
  }

  @Test func sequence38ConnectAndThinAreRefusedAndAnOlderVersionIsReadAndCounted() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      for options in [#""set": {"account": "acct_other"}"#, #""set": {"object": "v2.core.event"}"#] {
        let delivery = try #require(try await till.deliveries(options).last)
        try await till.deliver(delivery).expectProblem("delivery-refused", status: 400, "\(options)")
      }
      #expect(try await till.facts() == 0)
      try await till.arrive(#""set": {"api_version": "2024-06-20"}"#)
      #expect(try await till.tier(of: buyer) == .pro)
      await till.desk.door.counts.write(to: till.pool, logger: Service.silent)
      let progress = try #require(try await BillingProgress.of(till.pool, at: till.service.clock.now))
      let facts = try await till.facts()
      #expect(progress.deliveries["other_api_version"].map(Int.init) == facts)
    }
  }
}
