package import Domain
package import EventLog
import Foundation
package import Logging

/// What people do about what their account pays, over API and pages alike.
///
/// The way of each command:
/// 1. it is decided on the account's own streams, the right to it with it, and noted there before Stripe hears of it;
/// 2. Stripe is called, with keys that follow from the note: made again after a crash, it is the same call. What takes two calls looks first what the
///    first has come to;
/// 3. Stripe is asked what has become of it, which is a fact, and what follows from that is said (``FollowBilling``): who comes back sees it done,
///    whenever Stripe's events arrive.
package struct BillingDesk: Sendable {
  let log: Log
  let side: StripeSide
  let client: StripeClient
  let book: StripeFactBook
  let follow: FollowBilling
  let clock: any WallClock
  let logger: Logger
  /// What takes Stripe's deliveries in.
  package let door: ReceiveStripeEvent

  /// Over an open log.
  package init(
    _ settings: BillingSettings, log: Log, clock: any WallClock = SystemClock(), logger: Logger
  ) {
    self.log = log
    self.clock = clock
    self.logger = logger
    client = StripeClient(settings, logger: logger)
    side = StripeSide(client: client, log: log)
    book = StripeFactBook(log: log, side: side)
    follow = FollowBilling(log: log, side: side, client: client, book: book, clock: clock)
    door = ReceiveStripeEvent(side: side, book: book, client: client, counts: StripeDoorCounts(), clock: clock)
  }

  /// The side of the account at Stripe that is configured.
  package var mode: StripeMode { get async throws { try await side.mode() } }

  /// What is sold. None before the setup.
  package func sold() async throws -> [Tier] {
    let catalogue = try await catalogue()
    return Tier.allCases.filter { catalogue.price(of: $0) != nil }
  }

  func catalogue() async throws -> BillingCatalogue {
    let stream = StreamID.billingCatalogue(of: try await side.mode(), shards: log.shards)
    return try await log.load(BillingCatalogue.self, from: stream).state
  }

  func price(of tier: Tier) async throws -> String {
    guard let price = try await catalogue().price(of: tier) else { throw Billing.Failure.notSold(tier) }
    return price
  }

  func billing(_ account: UUID) async throws -> Billing {
    try await log.load(Billing.self, from: stream(account)).state
  }

  func stream(_ account: UUID) -> StreamID { .billing(of: account, shard: log.shards.shard(of: account)) }

  func newID() -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(at: clock.now, using: &random)
  }

  /// Throws the error of whoever may not.
  func requireRight(_ account: UUID, _ actor: Actor) async throws {
    let stream = StreamID.account(account, shard: log.shards.shard(of: account))
    try Access.check(
      .manageBilling, on: try await log.load(Account.self, from: stream).state, account, of: actor.userID)
  }

  /// Decides a command, and the right to it, on one state.
  func decide(_ command: Billing.Command, on account: UUID, by actor: Actor) async throws -> Recorded {
    let stream = stream(account)
    let handled = try await log.handle(on: stream.name, from: actor.origin) { change in
      let owner = try await change.load(Account.self, from: .account(account, shard: stream.shard))
      try Access.check(.manageBilling, on: owner.state, account, of: actor.userID)
      let billing = try await change.load(Billing.self, from: stream)
      try change.append(try billing.state.decide(command), to: billing)
    }
    return Recorded(shard: stream.shard, position: handled.position)
  }

  /// Records what subscriptions and whatever else was just changed have come to, and says what follows. The change is made: what fails here is done
  /// by the worker when Stripe's events come.
  func settle(_ account: UUID, subscription: String, customer: String) async {
    do {
      let stream = StripeStream(customer, in: try await side.mode())
      try await follow.fetch(subscription: subscription, in: stream)
      try await follow(account)
    } catch {
      logger.warning(
        "what a change at Stripe has come to is not known yet",
        metadata: ["account": "\(account)", "error": "\(error)"]
      )
    }
  }
}
