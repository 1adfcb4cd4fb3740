package import struct Foundation.UUID

/// The owners are to be told that what they paid for has ended, with what the account has from now on.
package struct SubscriptionEnded: EventData {
  package static let kind = EventKind("subscription_ended")
  package var accountID: UUID
  package var subscription: String
  package var fromTier: Tier
  package var toTier: Tier
  package var cause: TierChanged.Cause
  /// Whether it is only paused, and may be resumed; nil: it is not, or was said when both were told alike.
  package var isPaused: Bool?
}
