package import struct Foundation.UUID

/// A lower tier begins at a time, or what was scheduled does not any more.
package struct TierChangeScheduled: EventData {
  package static let kind = EventKind("tier_change_scheduled")
  package var accountID: UUID
  package var subscription: String
  package var fromTier: Tier
  /// Nil: nothing is scheduled any more.
  @Nullable package var toTier: Tier?
  @Nullable package var at: Instant?
  /// Whether it begins so soon that this reminds of it, too; nil: it does not, or was said when each was reminded of.
  package var isReminder: Bool?
}
