package import Domain
import Foundation
import Postgres

/// A subscription of an account, as it was said to be last.
package struct ListedSubscription: Sendable, Equatable {
  /// `sub_…`
  package let id: String
  /// Whether money moves.
  package let livemode: Bool
  /// `cus_…`
  package let customer: String
  /// Stripe's word: an open enumeration.
  package let status: String
  /// What it entitles to by itself; nil: to nothing.
  package let tier: Tier?
  /// Where what is paid begins.
  package let periodStart: Instant?
  /// Where what is paid ends.
  package let periodEnd: Instant?
  /// When it ends; nil: it is not to end.
  package let endsAt: Instant?
  /// Since when it is past due; nil: it is not.
  package let pastDueSince: Instant?
  /// Whether nothing is collected for it at the moment.
  package let isCollectionPaused: Bool
  /// Why it was canceled, in Stripe's word.
  package let cancellationReason: String?
  /// What is to take its place; nil: nothing.
  package let scheduled: ScheduledTier?
  /// The upgrade that was not paid; nil: there was none since something was said of it, or asked for.
  package var lapsed: LapsedUpgrade?
  /// Where it was said last.
  package let position: Int64
  /// When.
  package let changedAt: Instant

  /// A lower tier that is to begin.
  package struct ScheduledTier: Sendable, Equatable {
    /// The tier.
    package let tier: Tier
    /// When.
    package let at: Instant?
  }

  /// An upgrade that Stripe gave up because it was not paid.
  package struct LapsedUpgrade: Sendable, Equatable {
    /// What it was to be; nil: nobody asked for it here.
    package let tier: Tier?
    /// When.
    package let at: Instant
  }

  /// Whether something has to be paid before it gives, or goes on giving, anything.
  package var isOwing: Bool { SubscriptionStatus(status).isOwing }

  /// Whether Stripe will never say anything of it again.
  package var isOver: Bool { SubscriptionStatus(status).isOver }
}

struct SubscriptionsQuestion: Question {
  let shard: Int
  let account: UUID
  let mode: StripeMode?

  static let file = QueryFile("billing", "subscriptions")
  static let sample = SubscriptionsQuestion(shard: 0, account: .sample, mode: nil)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, mode?.stripeAccount, mode?.livemode] }

  static func answer(_ row: AnswerRow) throws -> ListedSubscription {
    let scheduled = try row.value("scheduled_tier", as: String?.self).flatMap(Tier.init(rawValue:))
    let at = try row.value("scheduled_at", as: Instant?.self)
    let lapsed = try row.value("lapsed_tier", as: String?.self).flatMap(Tier.init(rawValue:))
    let lapsedAt = try row.value("lapsed_at", as: Instant?.self)
    return ListedSubscription(
      id: try row.value("subscription"), livemode: try row.value("livemode"), customer: try row.value("customer"),
      status: try row.value("status"), tier: try row.value("tier", as: String?.self).flatMap(Tier.init(rawValue:)),
      periodStart: try row.value("period_start"), periodEnd: try row.value("period_end"),
      endsAt: try row.value("ends_at"), pastDueSince: try row.value("past_due_since"),
      isCollectionPaused: try row.value("is_collection_paused"),
      cancellationReason: try row.value("cancellation_reason"),
      scheduled: scheduled.map { ListedSubscription.ScheduledTier(tier: $0, at: at) },
      lapsed: lapsedAt.map { ListedSubscription.LapsedUpgrade(tier: lapsed, at: $0) },
      position: try row.value("position"), changedAt: try row.value("changed_at"))
  }
}
