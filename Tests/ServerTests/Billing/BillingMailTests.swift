import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// What people are mailed of their payments, counted in the queue of mails. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.whatHangs)) struct BillingMailTests {
  @Test func sequence4TheSameFailureUnderTwoIdsIsOneMail() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer, card: "fails_later")
      #expect(try await till.mails().isEmpty)
      try await till.advance(days: 32)
      let once = try await till.deliveries().count
      #expect(try await till.deliveries(#""twin": true"#).count == 2 * once)
      try await till.arrive(#""twin": true"#)
      #expect(try await till.mails() == ["payment_failed"])
      try await till.arrive(#""twin": true, "shuffle": 4"#)
      #expect(try await till.mails() == ["payment_failed"])
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence14DunningThatEndsInCanceledIsOneMailMoreAndCountsAtOnce() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer, card: "fails_later")
      try await till.advance(days: 32)
      try await till.arrive()
      #expect(try await till.mails() == ["payment_failed"])
      #expect(try await till.quota(of: buyer) == Tier.pro.monthlyQuota)
      try await till.advance(days: 25)
      try await till.arrive()
      #expect(try await till.stripe.state()["subscription"][subscription]["status"] == "canceled")
      #expect(try await till.mails() == ["payment_failed", "subscription_ended_unpaid"])
      #expect(try await till.tier(of: buyer) == .free)
      #expect(try await till.quota(of: buyer) == Tier.free.monthlyQuota)
    }
  }

  @Test func sequence19ARenewalThatTheBankAsksForIsOneMail() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer, card: "3ds_always")
      #expect(try await till.tier(of: buyer) == .pro)
      try await till.advance(days: 32)
      try await till.arrive()
      try await till.advance(days: 0.01)
      try await till.follow()
      #expect(try await till.mails() == ["payment_action_required"])
      let invoices = try await till.stripe.state()["invoice"].members.values
      let open = try #require(invoices.first { $0["status"] == "open" }?["id"].string)
      try await till.stripe.test("confirm", #"{"invoice": "\#(open)"}"#)
      try await till.arrive()
      #expect(try await till.mails() == ["payment_action_required", "payment_recovered"])
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence22AnUpgradeThatIsNotPaidIsOneMailWhenItLapsesAndTheTierStays() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer, card: "3ds_always")
      let upgrade = try await till.desk.upgrade(to: .business, of: buyer.account, prorationDate: nil, by: buyer.actor)
      #expect(upgrade.outcome != .done)
      try await till.arrive()
      #expect(try await till.mails().isEmpty)
      try await till.advance(days: 1.1)
      for seed in [3, 4] {
        try await till.arrive(#""twin": true, "shuffle": \#(seed)"#)
        #expect(try await till.mails() == ["upgrade_expired"])
      }
      #expect(try await till.stripe.state()["subscription"][subscription]["status"] == "active")
      #expect(try await till.tier(of: buyer) == .pro)
    }
  }

  @Test func sequence41AnUpgradeAfterTheMonthsEndLeavesLastMonthsQuotaAsItWas() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let now = till.service.clock.now
      let source = TelemetrySource(accountID: buyer.account, projectID: UUID(), keyID: UUID(), mode: .live)
      let shard = till.desk.log.shards.shard(of: buyer.account)
      let (last, this) = (CalendarMonth(of: now - .days(20)), CalendarMonth(of: now))
      for time in [last.start, this.start] {
        _ = try await till.desk.log.append([AppendUnit(.sample(source, count: 3, at: time))], shard: shard)
      }
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      _ = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      try await till.arrive()
      let quota = { (month: CalendarMonth) async throws -> Int in
        try await till.service.number(
          """
          SELECT quota AS n FROM log.meters
          WHERE account_id = \(buyer.account) AND month = \(month.description) AND mode = 'live'
          """)
      }
      #expect(try await quota(last) == Tier.pro.monthlyQuota)
      #expect(try await quota(this) == Tier.business.monthlyQuota)
    }
  }
}
