package import struct Foundation.UUID

/// Somebody wants the subscription to go on as it is: what was to happen at the period's end is taken back. Noted before Stripe is called.
package struct SubscriptionChangeUndone: EventData {
  package static let kind = EventKind("subscription_change_undone", isSecurityRelevant: true)
  package var accountID: UUID
  package var commandID: UUID
  package var subscription: String
  package var requestedBy: UUID
  /// What is taken back.
  package var undoes: Undone

  /// The data of one such event.
  package init(accountID: UUID, commandID: UUID, subscription: String, requestedBy: UUID, undoes: Undone) {
    self.accountID = accountID
    self.commandID = commandID
    self.subscription = subscription
    self.requestedBy = requestedBy
    self.undoes = undoes
  }

  /// What can be taken back.
  package enum Undone: String, Codable, Sendable, CaseIterable {
    case cancellation, downgrade
  }
}
