import Domain
import EventLog
package import Foundation

/// What folding the facts anew found.
package struct BillingCheckReport: Sendable, Equatable {
  /// Accounts that something was said of.
  package var accounts = 0
  /// Customers at Stripe.
  package var customers = 0
  /// What Stripe said of them.
  package var facts = 0
  /// What the log says and the facts don't, or the other way round.
  package var differing = 0
  /// Some of these.
  package var differences: [BillingDifference] = []
  /// Customers whose last facts a worker is still to say what follows from.
  package var waiting = 0
  /// Customers of a side of Stripe that was set up before another: what came in there last is not followed any more.
  package var left = 0
  /// Customers that no account is known of.
  package var unlinked = 0

  /// Told in words.
  private static let examples = 20

  /// Whether all that the log says of subscriptions and tiers is what the facts come to.
  package var isClean: Bool { differing == 0 }
  /// Whether there is no money in the log.
  package var isEmpty: Bool { self == BillingCheckReport() }

  mutating func add(_ difference: BillingDifference) {
    differing += 1
    if differences.count < Self.examples { differences.append(difference) }
  }

  mutating func add(_ part: BillingCheckReport) {
    accounts += part.accounts
    customers += part.customers
    facts += part.facts
    differing += part.differing
    differences += part.differences.prefix(Self.examples - differences.count)
    waiting += part.waiting
    left += part.left
    unlinked += part.unlinked
  }
}

/// One thing that the log says and the facts don't, or the other way round.
package struct BillingDifference: Sendable, Equatable, CustomStringConvertible {
  /// Whose; nil: it is not known.
  package let account: UUID?
  /// What of it: a subscription, its tier, a stream.
  package let subject: String
  /// What the facts come to, and where they are.
  package let facts: String
  /// What the log says, and where.
  package let log: String

  /// In one line.
  package var description: String {
    let whose = account.map { "account \($0.text), " } ?? ""
    return "\(whose)\(subject): the facts say \(facts); the log says \(log)"
  }
}

extension BillingDifference {
  init(_ fault: SaidStreamFault, of account: UUID?) {
    self.init(account: account, subject: "can't be told", facts: fault.text, log: "what can't be held against them")
  }
}

extension SaidPlace {
  /// As an auditor looks it up.
  var text: String { "position \(position) of shard \(shard), recorded \(recordedAt)" }
}

extension KnownFacts {
  /// Where they are.
  var text: String {
    guard let last else { return "no fact in \(stream.name)" }
    return "\(total) facts in \(stream.name), the last at \(last.text)"
  }
}

extension SubscriptionChanged {
  /// What it says that tiers go by.
  var gist: String { "\(status), \(tier.map { "tier \($0.rawValue)" } ?? "no tier"), of \(facts) events" }
}
