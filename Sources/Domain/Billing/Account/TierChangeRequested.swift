package import struct Foundation.UUID

/// Somebody wants another tier for a running subscription: a higher one at once, a lower one at the period's end.
/// Noted before Stripe is called.
package struct TierChangeRequested: EventData {
  package static let kind = EventKind("tier_change_requested", isSecurityRelevant: true)
  package var accountID: UUID
  package var commandID: UUID
  package var subscription: String
  package var fromTier: Tier
  package var toTier: Tier
  package var price: String
  package var requestedBy: UUID
  /// What the preview was made at, so that the amount is the one that was shown. Of a higher tier.
  @Nullable package var prorationDate: Instant?

  /// The data of one such event.
  package init(
    accountID: UUID, commandID: UUID, subscription: String, fromTier: Tier, toTier: Tier, price: String,
    requestedBy: UUID, prorationDate: Instant? = nil
  ) {
    self.accountID = accountID
    self.commandID = commandID
    self.subscription = subscription
    self.fromTier = fromTier
    self.toTier = toTier
    self.price = price
    self.requestedBy = requestedBy
    self.prorationDate = prorationDate
  }
}
