package import struct Foundation.UUID

/// The owners are to be told that an upgrade was not paid in time, and is off: the subscription goes on as it was.
package struct UpgradeExpired: EventData {
  package static let kind = EventKind("upgrade_expired")
  package var accountID: UUID
  package var subscription: String
  /// What it stays.
  package var tier: Tier
  /// What it was to be; nil: nobody asked for it here.
  @Nullable package var toTier: Tier?
  /// When, as Stripe says.
  package var at: Instant
}
