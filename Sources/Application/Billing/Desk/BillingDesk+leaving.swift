import Domain
import EventLog
package import Foundation

extension BillingDesk {
  /// Whoever wishes to be forgotten pays no more: what runs of accounts that nobody else owns ends with its period, and no page to pay at stays open.
  package func leave(_ accounts: Set<UUID>, by actor: Actor) async throws {
    var failure: (any Error)?
    for account in try await log.lastOwned(accounts, by: actor.userID) {
      // One that can't be ended now keeps no other from being.
      do { try await end(account, by: actor) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// All of an account's: the second renews as well as the first.
  private func end(_ account: UUID, by actor: Actor) async throws {
    let (mode, known) = (try await side.mode(), try await billing(account))
    if let checkout = known.checkout, let opened = checkout.opened,
      checkout.request.stripeAccount == mode.stripeAccount, checkout.request.livemode == mode.livemode
    {
      try await close(opened, of: account)
    }
    let open = known.subscriptions.values.filter {
      $0.stripeAccount == mode.stripeAccount && $0.livemode == mode.livemode && !$0.isOver
    }
    for subscription in open.sorted(by: { $0.subscription < $1.subscription }) {
      if SubscriptionStatus(subscription.status).isIdle {
        // Gives nothing, and has no paid period to wait for.
        _ = try await client.delete("/v1/subscriptions/\(subscription.subscription.pathSegment)")
        await settle(account, subscription: subscription.subscription, customer: subscription.customer)
      } else if subscription.endsAt == nil {
        _ = try await cancel(subscription, of: account, isLeaving: true, by: actor)
      }
    }
  }

  /// They have thought better of it: what ends because of that wish runs on, what was to end before still ends.
  package func stay(_ accounts: Set<UUID>, by actor: Actor) async throws {
    for account in try await log.lastOwned(accounts, by: actor.userID) {
      guard try await runningIfAny(account) != nil, try await isLeaving(account) else { continue }
      _ = try await undo(account, by: actor)
    }
  }

  /// Throws ``StillSubscribed`` while Stripe says that something runs.
  package func requireNothingRuns(_ accounts: Set<UUID>, of person: UUID) async throws {
    for account in try await log.lastOwned(accounts, by: person) {
      for stream in try await BillingCustomers(log: log).streams(of: account, in: try await side.mode()) {
        let running: StripeReply
        do {
          running = try await client.get("/v1/subscriptions", ["customer": stream.subject, "limit": "100"])
        } catch let failure as StripeFailure where failure.isMissing { continue }
        if let subscription = running["data"].elements.first?.id {
          throw StillSubscribed(account: account, subscription: subscription)
        }
      }
    }
  }

  /// Nobody is forgotten who would still be charged.
  package struct StillSubscribed: Error, CustomStringConvertible {
    let account: UUID
    let subscription: String
    package var description: String {
      "subscription \(subscription) of account \(account.text) runs: whoever owns it is erased when it has ended"
    }
  }

  /// The customers of accounts that go with their last owner are gone at Stripe, too.
  package func forget(_ accounts: Set<UUID>, of person: UUID) async throws {
    for account in try await log.lastOwned(accounts, by: person) {
      for stream in try await BillingCustomers(log: log).streams(of: account, in: try await side.mode()) {
        do { _ = try await client.delete("/v1/customers/\(stream.subject.pathSegment)") } catch let failure
          as StripeFailure where failure.isMissing
        {}
      }
    }
  }

  private func close(_ opened: CheckoutOpened, of account: UUID) async throws {
    let path = "/v1/checkout/sessions/\(opened.session.pathSegment)"
    try await expire(path)
    try await book.record(
      try await client.get(path), knowing: [], in: StripeStream(opened.customer, in: try await side.mode()))
    try await follow(account)
  }

  private func runningIfAny(_ account: UUID) async throws -> SubscriptionChanged? {
    do { return try await running(account) } catch Billing.Failure.noSubscription { return nil }
  }

  private func isLeaving(_ account: UUID) async throws -> Bool {
    var isLeaving = false
    for stored in try await log.stream(stream(account)) {
      switch try stored.event(Billing.Event.self) {
      case .cancellationRequested(let requested): isLeaving = requested.isLeaving
      case .subscriptionChangeUndone: isLeaving = false
      default: break
      }
    }
    return isLeaving
  }
}
