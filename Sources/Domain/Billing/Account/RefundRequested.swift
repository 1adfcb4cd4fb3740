package import struct Foundation.UUID

/// Whoever runs this installation ends a subscription and gives its last payment back. Noted before Stripe is called.
package struct RefundRequested: EventData {
  package static let kind = EventKind("refund_requested")
  package var accountID: UUID
  /// Which call this is: the beginning of its idempotency keys at Stripe.
  package var commandID: UUID
  package var subscription: String
  /// In their words.
  package var reason: String

  /// The data of one such event.
  package init(accountID: UUID, commandID: UUID, subscription: String, reason: String) {
    self.accountID = accountID
    self.commandID = commandID
    self.subscription = subscription
    self.reason = reason
  }
}
