package import struct Foundation.UUID

/// What a subscription has come to, of all that Stripe said about it. Said anew whenever one of these changes.
package struct SubscriptionChanged: EventData {
  package static let kind = EventKind("subscription_changed")
  package var accountID: UUID
  package var stripeAccount: String
  package var livemode: Bool
  package var customer: String
  package var subscription: String
  /// Stripe's word: `active`, `past_due`, `canceled`, …
  package var status: String
  /// What it entitles to by itself; nil: to nothing.
  @Nullable package var tier: Tier?
  package var prices: [String]
  /// Of what is paid.
  @Nullable package var periodStart: Instant?
  @Nullable package var periodEnd: Instant?
  /// When it ends, if it is to: by itself, or with the period.
  @Nullable package var endsAt: Instant?
  /// Since when it is past due.
  @Nullable package var pastDueSince: Instant?
  package var isCollectionPaused: Bool
  /// `cancellation_requested`, `payment_failed`, `payment_disputed`.
  @Nullable package var cancellationReason: String?
  /// How many of the facts it follows from were known.
  package var facts: Int
}
