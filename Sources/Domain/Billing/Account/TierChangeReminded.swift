package import struct Foundation.UUID

/// The owners are to be reminded that a lower tier is about to begin.
package struct TierChangeReminded: EventData {
  package static let kind = EventKind("tier_change_reminded")
  package var accountID: UUID
  package var subscription: String
  package var toTier: Tier
  package var at: Instant
}
