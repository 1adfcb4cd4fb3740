package import Domain
import EventLog
package import Foundation

/// Why an account has its tier, down to what Stripe said.
package struct ExplainedTier: Sendable, Equatable {
  /// Whose.
  package let account: UUID
  /// Where the account's own events are.
  package let shard: Int
  /// What it has now, grants included.
  package let tier: Tier
  /// What it was granted that makes it higher than its own; nil: nothing.
  package let granted: AccountGrant?
  /// What its own tier follows from; nil where the read model has not come to the account.
  package let origin: TierOrigin?
  /// What that follows from, in the order of ``TierOrigin/follows``.
  package let facts: [SubscriptionFacts]
  /// The log's end as the read model had it.
  package let asOf: AsOf

  /// The facts of one subscription that were in the log when it was said to be what it is.
  package struct SubscriptionFacts: Sendable, Equatable {
    /// `sub_…`
    package let subscription: String
    /// In the order that they were recorded in.
    package let facts: [Fact]
  }

  /// A fact, and where the log has it.
  package struct Fact: Sendable, Equatable {
    /// The shard of its customer, which need not be the account's.
    package let shard: Int
    /// Its place in that shard's log.
    package let position: Int64
    /// When it was recorded.
    package let recordedAt: Instant
    /// The log's event type.
    package let type: String
    /// What it says happened, in Stripe's word; of what was asked for, what was asked.
    package let what: String
    /// Stripe's id of it: an event's, or an answer's request's.
    package let id: String?
    /// When Stripe said it; nil: it is we who did.
    package let saidAt: Instant?
  }
}

extension Questions {
  /// What an account's tier follows from, down to the facts; nil where there is no such account. Throws ``ReadModelMissing``.
  package func explainTier(of account: UUID, at now: Instant) async throws -> ExplainedTier? {
    let shard = self.shard(of: account)
    let owner = try await log.load(Account.self, from: .account(account, shard: shard)).state
    guard owner.id != nil else { return nil }
    let billing = try await billing(of: account, in: nil)
    var facts: [ExplainedTier.SubscriptionFacts] = []
    for said in billing.value.origin?.follows ?? [] { facts.append(try await self.facts(of: said)) }
    let tier = owner.tier(at: now)
    return ExplainedTier(
      account: account, shard: shard, tier: tier, granted: tier > owner.tier ? owner.grant : nil,
      origin: billing.value.origin, facts: facts, asOf: billing.asOf)
  }

  /// What its customer's stream had of a subscription when something was said of it.
  private func facts(of said: TierOrigin.SubscriptionFact) async throws -> ExplainedTier.SubscriptionFacts {
    let stream = StreamID.stripe(StripeStream(said.customer, in: said.mode), shards: log.shards)
    var facts: [ExplainedTier.Fact] = []
    var unheard = said.facts
    for stored in try await log.stream(stream) where stored.recordedAt <= said.at + KnownFacts.lead {
      let event = try stored.event(StripeCustomer.Event.self)
      if event.isHeard(of: said.subscription) {
        // What came in while it was said was not known yet.
        guard unheard > 0 else { continue }
        unheard -= 1
      } else if stored.recordedAt > said.at + KnownFacts.skew {
        continue
      }
      if let fact = ExplainedTier.Fact(event, of: said.subscription, in: stored, shard: stream.shard) {
        facts.append(fact)
      }
    }
    return ExplainedTier.SubscriptionFacts(subscription: said.subscription, facts: facts)
  }
}

extension ExplainedTier.Fact {
  /// Nil of what no rule reads for the subscription.
  fileprivate init?(_ fact: StripeCustomer.Event, of subscription: String, in stored: StoredEvent, shard: Int) {
    switch fact {
    case .received(let event):
      guard event.objectID == subscription || event.eventType == "customer.deleted" else { return nil }
      (what, id, saidAt) = (event.eventType, event.eventID, event.created)
    case .fetched(let answer):
      guard answer.objectID == subscription || answer.facts.customer?.deleted == true else { return nil }
      (what, id, saidAt) = ("GET \(answer.objectID)", answer.requestID, answer.answeredAt)
    case .linked(let link):
      (what, id, saidAt) = ("\(link.customer) is the account's", nil, nil)
    }
    self.shard = shard
    (position, recordedAt, type) = (stored.position, stored.recordedAt, stored.type)
  }
}

extension StripeCustomer.Event {
  /// Whether it is among the events that are counted of a subscription.
  fileprivate func isHeard(of subscription: String) -> Bool {
    if case .received(let event) = self {
      event.objectID == subscription && event.facts.subscription != nil
    } else {
      false
    }
  }
}
