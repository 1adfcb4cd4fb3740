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

  /// The data of one such event.
  package init(accountID: UUID, commandID: UUID, subscription: String, requestedBy: UUID, isLeaving: Bool) {
    self.accountID = accountID
    self.commandID = commandID
    self.subscription = subscription
    self.requestedBy = requestedBy
    self.isLeaving = isLeaving
  }
}
