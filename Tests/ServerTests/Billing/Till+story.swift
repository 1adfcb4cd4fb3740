import Crypto
import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

extension Till {
  /// A further subscription that somebody makes in Stripe's dashboard, and all that is told of it is followed. Its id.
  @discardableResult
  func another(_ tier: Tier, _ buyer: Buyer) async throws -> String {
    let customer = try await customer(of: buyer)
    let price = try #require(stripe.address.prices[tier.rawValue])
    let made = try await stripe.test(
      "dashboard/subscribe", #"{"customer": "\#(customer)", "price": "\#(price)", "card": "ok"}"#)
    try await arrive()
    return try #require(made["id"].string)
  }

  /// What mails about payments and subscriptions are noted by now, each by its name.
  func mails() async throws -> [String] {
    let sender = try Mailbox(setting: "Recount <recount@example.org>")
    let reactor = MailReactor(log: desk.log, from: sender, clock: service.clock, logger: Service.silent)
    try await reactor.begin(on: desk.log.pool)
    for shard in desk.log.shards.all {
      while case .moved = try await Step(reactor, shard: shard).run(on: desk.log.pool) {}
    }
    return try await service.test.owner.query(
      """
      SELECT kind FROM operations.mails
      WHERE kind LIKE 'payment%' OR kind LIKE 'subscription%' OR kind LIKE 'upgrade%' ORDER BY kind
      """
    ).map { try $0.decode("kind", as: String.self) }
  }

  /// The quota of this month, by the test's clock.
  func quota(of buyer: Buyer) async throws -> Int {
    try await account(of: buyer).quota.of(CalendarMonth(of: service.clock.now)).live
  }

  /// The same log under a key of live mode: what it asks is another Stripe, which knows nothing of the first, and says that it is the same account.
  func live(_ body: @Sendable (Till) async throws -> Void) async throws {
    let key = "sk_live_" + String(repeating: "a", count: 24)
    let digest = Hex.text(Array(SHA256.hash(data: Data(key.utf8)).prefix(16)))
    let account = try await desk.mode.stripeAccount
    try await BillingMemory(pool: desk.log.pool).keep(account, as: "account/\(digest)")
    let installation = try await desk.side.installation()
    try await FakeStripe.with(at: service.clock.now, installation: installation, key: key) { stripe in
      let desk = BillingDesk(
        try stripe.settings(), log: desk.log, clock: service.clock, logger: Service.silent)
      _ = try await BillingSetup(desk: desk)(publicURL: "https://recount.example.org")
      try await body(Till(service: service, stripe: stripe, desk: desk, pool: pool))
    }
  }
}
