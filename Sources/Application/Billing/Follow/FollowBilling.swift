package import Domain
import EventLog
package import Foundation

/// What follows for an account from all that Stripe has said, in steps:
/// 1. where an event is missing, Stripe is asked once what the subscription is, which is a fact of its own;
/// 2. its customers are folded, all of them together;
/// 3. what was not said yet, and the tier that it has now, are appended in one transaction, decided on the account's own streams: whoever does the
///    same at the same time, or did it before a crash, leaves nothing to say;
/// 4. what Stripe has to be told because of it, is: which card is charged, and where bills go.
package struct FollowBilling: Sendable {
  let log: Log
  let side: StripeSide
  let client: StripeClient
  let book: StripeFactBook
  let clock: any WallClock

  /// When it is to be looked at again though nothing comes; nil: never. Throws ``StripeFailure`` where Stripe had to be asked and was away: what
  /// follows from the rest has been said all the same.
  @discardableResult
  package func callAsFunction(_ account: UUID) async throws -> Instant? {
    let mode = try await side.mode()
    var failure: (any Error)?
    var isSettled = true
    do { isSettled = try await mend(account, in: mode) } catch let error as StripeFailure { failure = error }
    let (next, known) = try await append(account, in: mode)
    do {
      let customers = known.filter { !$0.isDeleted }
      try await moveCards(of: account, customers, in: mode)
      try await moveContacts(of: account, customers, in: mode)
    } catch let error as StripeFailure { failure = failure ?? error }
    if let failure { throw failure }
    return isSettled ? next : min(next ?? .distantFuture, clock.now + .minutes(1))
  }

  /// Those that nothing on the side that is set up is said of any more.
  func accountsOfOtherSides() async throws -> [UUID] {
    try await BillingCustomers(log: log).accounts(notIn: try await side.mode())
  }

  /// When it is to be looked at again, and the customers that this was said of.
  private func append(
    _ account: UUID, in mode: StripeMode
  ) async throws -> (next: Instant?, customers: [StripeCustomer]) {
    let shard = log.shards.shard(of: account)
    let stream = StreamID.billing(of: account, shard: shard)
    return try await log.handle(on: stream.name) { change in
      // Before the facts: what is said of older ones than these meets the version that it was read at.
      let billing = try await change.load(Billing.self, from: stream)
      let owner = try await change.load(Account.self, from: .account(account, shard: shard))
      let facts = try await self.facts(account, in: mode)
      let said = try change.append(try billing.state.decide(.follow(facts)), to: billing)
      // A key of test mode takes nothing that is paid for with money.
      let isPaidElsewhere = !mode.livemode && billing.state.isPaidFor
      if !isPaidElsewhere, owner.state.id != nil, !owner.state.isClosed,
        let subscribed = said.tier(by: facts, over: owner.state.tier)
      {
        let tier = max(subscribed.tier, owner.state.operatorTier)
        // The same again would give it the numbers that the tier has by now, which nobody asked for.
        if tier != owner.state.tier {
          let command = Account.Command.changeTier(tier, because: subscribed.cause, at: facts.now)
          try change.append(try owner.state.decide(command), to: owner)
        }
      }
      return (said.nextLook(at: facts), facts.customers)
    }.value
  }

  /// All that is known of an account by now.
  package func facts(_ account: UUID, in mode: StripeMode) async throws -> BillingFacts {
    let catalogue = try await log.load(
      BillingCatalogue.self, from: .billingCatalogue(of: mode, shards: log.shards)
    ).state
    return BillingFacts(
      accountID: account, customers: try await BillingCustomers(log: log).folded(of: account, in: mode),
      catalogue: catalogue, now: clock.now)
  }
}
