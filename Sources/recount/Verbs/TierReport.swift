import Application
import Domain
import Foundation

/// An explanation of a tier, for people and programs.
struct TierReport {
  let explained: ExplainedTier

  init(_ explained: ExplainedTier) { self.explained = explained }

  var lines: [String] {
    guard let origin = explained.origin else {
      return ["Account \(explained.account.text) is not in the read model yet: ask again in a moment."]
    }
    var lines = [
      "Account \(explained.account.text) itself has tier \(origin.tier.rawValue) since \(origin.at): \(Self.words(origin.cause)), "
        + "position \(origin.position) of shard \(explained.shard)."
    ]
    if let granted = explained.granted {
      lines.append(
        "It was granted \(explained.tier.rawValue)\(granted.until.map { " until \($0)" } ?? ""), which is what it has.")
    }
    for (said, facts) in zip(origin.follows, explained.facts) {
      lines += ["", Self.line(said, explained.shard)] + Self.lines(facts)
    }
    let last = explained.facts.flatMap(\.facts).last
    let (shard, position) = last.map { ($0.shard, $0.position) } ?? (explained.shard, origin.position)
    lines += [
      "", "To see one: SELECT * FROM log.events WHERE shard = \(shard) AND position = \(position)",
      "To have all of them folded anew: recount replay --check",
    ]
    return lines
  }

  private static func line(_ said: TierOrigin.SubscriptionFact, _ shard: Int) -> String {
    "\(said.subscription) was \(said.status) and gave \(said.tier?.rawValue ?? "nothing"), by \(said.facts) events of Stripe's: "
      + "position \(said.position) of shard \(shard), recorded \(said.at)"
  }

  private static func lines(_ facts: ExplainedTier.SubscriptionFacts) -> [String] {
    let whats = facts.facts.map(\.what.count).max() ?? 0
    return facts.facts.map { fact in
      let place = "shard \(fact.shard) position \(fact.position)"
      return [
        "  \(place.padding(toLength: max(24, place.count), withPad: " ", startingAt: 0))", "\(fact.recordedAt)",
        fact.what.padding(toLength: whats, withPad: " ", startingAt: 0), fact.id ?? "",
        fact.saidAt.map { "said \($0)" } ?? "",
      ].filter { !$0.isEmpty }.joined(separator: "  ")
    }
  }

  private static func words(_ cause: TierChanged.Cause?) -> String {
    switch cause {
    case nil: "it was opened with it"
    case .operator: "the operator set it"
    case .subscription: "of what it subscribes to"
    case .unpaid: "an invoice was not paid"
    case .incompleteExpired: "the first payment was never made"
    case .paymentFailed: "the payment failed for good"
    case .paymentDisputed: "the payment was disputed"
    }
  }
}

extension TierReport {
  /// For programs.
  var answer: some Encodable { Answer(explained) }

  private struct Answer: Encodable {
    let accountId: String
    let shard: Int
    /// With what was granted.
    let tier: String
    let grantedUntil: String?
    let isGranted: Bool
    let because: Because?

    init(_ explained: ExplainedTier) {
      accountId = explained.account.text
      shard = explained.shard
      tier = explained.tier.rawValue
      isGranted = explained.granted != nil
      grantedUntil = explained.granted?.until?.description
      because = explained.origin.map { Because($0, explained.facts) }
    }
  }

  private struct Because: Encodable {
    let tier: String
    let cause: String?
    let position: Int64
    let since: String
    let subscriptions: [Subscription]

    init(_ origin: TierOrigin, _ facts: [ExplainedTier.SubscriptionFacts]) {
      (tier, cause) = (origin.tier.rawValue, origin.cause?.rawValue)
      (position, since) = (origin.position, origin.at.description)
      subscriptions = zip(origin.follows, facts).map(Subscription.init)
    }
  }

  private struct Subscription: Encodable {
    let subscription, customer, stripeAccount, status: String
    let livemode: Bool
    let tier: String?
    let position: Int64
    let recordedAt: String
    let events: Int64
    let facts: [Fact]

    init(_ said: TierOrigin.SubscriptionFact, _ known: ExplainedTier.SubscriptionFacts) {
      (subscription, customer, status) = (said.subscription, said.customer, said.status)
      (stripeAccount, livemode) = (said.mode.stripeAccount, said.mode.livemode)
      (tier, position, recordedAt) = (said.tier?.rawValue, said.position, said.at.description)
      (events, facts) = (said.facts, known.facts.map(Fact.init))
    }
  }

  private struct Fact: Encodable {
    let shard: Int
    let position: Int64
    let recordedAt, type, what: String
    let stripeId, saidAt: String?

    init(_ fact: ExplainedTier.Fact) {
      (shard, position) = (fact.shard, fact.position)
      (recordedAt, type, what) = (fact.recordedAt.description, fact.type, fact.what)
      (stripeId, saidAt) = (fact.id, fact.saidAt?.description)
    }
  }
}
