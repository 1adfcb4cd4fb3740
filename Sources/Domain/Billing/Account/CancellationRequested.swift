package import struct Foundation.UUID

/// Somebody wants a subscription to end with its period, or by the wish to leave altogether. Noted before Stripe is called.
package struct CancellationRequested: EventData {
  package static let kind = EventKind("cancellation_requested", isSecurityRelevant: true)
  package var accountID: UUID
  package var commandID: UUID
  package var subscription: String
  package var requestedBy: UUID
  /// Whether the account is to be deleted.
  package var isLeaving: Bool
}
