package import Domain
import Foundation
import Postgres

/// Why an account has the tier that it has itself.
package struct TierOrigin: Sendable, Equatable {
  /// The tier.
  package let tier: Tier
  /// Why it changed to that; nil: the account was opened with it.
  package let cause: TierChanged.Cause?
  /// Where the log has it, on the account's shard.
  package let position: Int64
  /// When it was recorded.
  package let at: Instant
  /// What was known of each subscription when it began; none of what the operator set.
  package let follows: [SubscriptionFact]

  /// What was said of a subscription, and of whose facts that was made.
  package struct SubscriptionFact: Sendable, Equatable {
    /// `sub_…`
    package let subscription: String
    /// Where the log has it, on the account's shard.
    package let position: Int64
    /// When it was recorded.
    package let at: Instant
    /// Stripe's word.
    package let status: String
    /// What it entitled to by itself; nil: to nothing.
    package let tier: Tier?
    /// How many of the facts it follows from were known.
    package let facts: Int64
    /// The side of the Stripe account, and the customer, in whose stream the facts are.
    package let mode: StripeMode
    /// `cus_…`
    package let customer: String
  }
}

struct TiersQuestion: Question {
  let shard: Int
  let account: UUID
  let rows: Int

  struct Row: Sendable {
    let tier: Tier
    let cause: TierChanged.Cause?
    let position: Int64
    let at: Instant
  }

  static let file = QueryFile("billing", "tiers")
  static let sample = TiersQuestion(shard: 0, account: .sample, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> Row {
    Row(
      tier: try row.word("tier"), cause: try row.word("cause"), position: try row.value("position"),
      at: try row.value("at"))
  }
}

struct SubscriptionChangesQuestion: Question {
  let shard: Int
  let account: UUID
  /// Where the tier began, and when.
  let position: Int64
  let at: Instant
  let mode: StripeMode?

  static let file = QueryFile("billing", "subscription_changes")
  static let sample = SubscriptionChangesQuestion(shard: 0, account: .sample, position: 0, at: .epoch, mode: nil)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), account, position, at, mode?.stripeAccount, mode?.livemode]
  }

  static func answer(_ row: AnswerRow) throws -> TierOrigin.SubscriptionFact {
    TierOrigin.SubscriptionFact(
      subscription: try row.value("subscription"), position: try row.value("position"), at: try row.value("at"),
      status: try row.value("status"), tier: try row.value("tier", as: String?.self).flatMap(Tier.init(rawValue:)),
      facts: try row.value("facts"),
      mode: StripeMode(stripeAccount: try row.value("stripe_account"), livemode: try row.value("livemode")),
      customer: try row.value("customer"))
  }
}

extension Snapshot {
  /// Why an account has its tier; nil of one that the read model has not come to.
  nonisolated(nonsending) func tierOrigin(of account: UUID, shard: Int, in mode: StripeMode?) async throws
    -> TierOrigin?
  {
    guard let last = try await ask(TiersQuestion(shard: shard, account: account, rows: 1)).first else { return nil }
    var follows: [TierOrigin.SubscriptionFact] = []
    if let cause = last.cause, cause != .operator {
      follows = try await ask(
        SubscriptionChangesQuestion(
          shard: shard, account: account, position: last.position, at: last.at, mode: mode)
      ).sorted { $0.position > $1.position }
    }
    return TierOrigin(tier: last.tier, cause: last.cause, position: last.position, at: last.at, follows: follows)
  }
}
