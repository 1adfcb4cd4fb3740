import Application
import Domain
import Foundation

/// Why the account has its tier: which events of the log made it.
struct OriginView: Sendable {
  let tier, position, at, cause: String
  let facts: [Fact]
  let hasFacts: Bool

  struct Fact: Sendable {
    let subscription, customer, status, tier, facts, position: String
  }

  init(_ origin: TierOrigin) {
    tier = TierChoice(origin.tier).name
    (position, at) = (Text.number(origin.position), LocalCalendar.utc.text(of: origin.at, .second))
    cause = Self.words(origin.cause)
    facts = origin.follows.map { fact in
      Fact(
        subscription: fact.subscription.shown, customer: fact.customer.shown,
        status: SubscriptionWords.status(fact.status), tier: fact.tier.map { TierChoice($0).name } ?? "nothing",
        facts: Text.number(fact.facts), position: Text.number(fact.position))
    }
    hasFacts = !facts.isEmpty
  }

  private static func words(_ cause: TierChanged.Cause?) -> String {
    switch cause {
    case nil: "the account was opened with it"
    case .operator: "whoever runs the server set it"
    case .subscription: "of what the account subscribes to"
    case .unpaid: "an invoice was not paid"
    case .incompleteExpired: "the first payment was never made"
    case .paymentFailed: "the payment failed for good"
    case .paymentDisputed: "the payment was disputed"
    }
  }
}
