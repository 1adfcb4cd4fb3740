import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// A server that sells through a Stripe to test against. Both clocks stand still until the test moves them; nothing follows from a fact before the test
/// says so.
struct Till: Sendable {
  let service: Service
  let stripe: FakeStripe
  let desk: BillingDesk
  let pool: Pool

  static let back = BillingReturn(
    success: "https://recount.example.org/billing/done?session={CHECKOUT_SESSION_ID}",
    cancelled: "https://recount.example.org/billing")

  static func with(
    secrets: [String]? = nil, tax: TaxBehavior? = nil, _ body: @escaping @Sendable (Till) async throws -> Void
  ) async throws {
    try await TestLog.with(template: Service.template) { test in
      let clock = TestClock()
      let installation = try await Self.installation(of: test.log)
      try await FakeStripe.with(at: clock.now, installation: installation) { stripe in
        let desk = BillingDesk(
          try stripe.settings(secrets: secrets, tax: tax), log: test.log, clock: clock, logger: Service.silent)
        let pool = Self.pool(of: test)
        let signing = try SigningKeys(drawnFor: "localhost/recount")
        let server = RecountServer(
          log: test.log, projections: Service.projections, signing: signing, clock: clock, people: Service.people,
          throttle: .off, patience: .zero, billing: desk, logger: Service.silent)
        try await server.application(host: "127.0.0.1", port: 0).test(.router) { client in
          let service = Service(test: test, clock: clock, signing: signing, client: client)
          let till = Till(service: service, stripe: stripe, desk: desk, pool: pool)
          _ = try await BillingSetup(desk: desk)(publicURL: "https://recount.example.org")
          try await BillingFollower(archive: nil, clock: clock).begin(on: pool)
          try await body(till)
        }
        await pool.close()
      }
    }
  }

  /// Before there is a desk: the fake makes its catalogue for it.
  private static func installation(of log: Log) async throws -> String {
    let settings = try BillingSettings(key: "sk_test_none")
    let client = StripeClient(settings, logger: Service.silent)
    return try await StripeSide(client: client, log: log).installation()
  }

  private static func pool(of test: TestLog) -> Pool {
    var settings = test.database.settings
    settings.role = "recount_server"
    return Pool(settings, size: 4, logger: Service.silent)
  }

  /// An account that buys, and its owner.
  struct Buyer: Sendable {
    let account: UUID
    let actor: Actor
  }

  func buyer() async throws -> Buyer {
    let (tenant, owner) = try await service.openWithOwner(.free)
    return Buyer(account: tenant.accountID, actor: Actor(userID: owner.id, origin: Origin(actorID: owner.id)))
  }

  /// Goes to checkout and pays; what Stripe tells of it waits in its outbox.
  @discardableResult
  func pay(_ tier: Tier, _ buyer: Buyer, card: String = "ok") async throws -> (session: String, subscription: String?) {
    let page = try await desk.checkout(tier, of: buyer.account, back: Self.back, by: buyer.actor)
    let session = try #require(page.url.split(separator: "/").last.map(String.init))
    let paid = try await stripe.test("pay", #"{"session": "\#(session)", "card": "\#(card)"}"#)
    return (session, paid["subscription"]["id"].string)
  }

  /// Pays, and all that Stripe tells is here and followed. The subscription's id.
  @discardableResult
  func subscribe(_ tier: Tier, _ buyer: Buyer, card: String = "ok") async throws -> String {
    let paid = try await pay(tier, buyer, card: card)
    try await arrive()
    return try #require(paid.subscription)
  }

  /// The account's customer at Stripe.
  func customer(of buyer: Buyer) async throws -> String {
    let streams = try await BillingCustomers(log: desk.log).streams(of: buyer.account, in: try await desk.mode)
    return try #require(streams.last?.subject)
  }

  func tier(of buyer: Buyer) async throws -> Tier { try await account(of: buyer).tier }

  func account(of buyer: Buyer) async throws -> Account {
    let stream = StreamID.account(buyer.account, shard: desk.log.shards.shard(of: buyer.account))
    return try await desk.log.load(Account.self, from: stream).state
  }

  func advance(days: Double) async throws {
    service.clock.advance(seconds: days * 86_400)
    try await stripe.test("clock", #"{"to": \#(service.clock.now.seconds)}"#)
  }
}
