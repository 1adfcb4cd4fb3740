package import struct Foundation.UUID

/// Somebody wants to pay for a tier. Noted before Stripe is called.
package struct CheckoutRequested: EventData {
  package static let kind = EventKind("checkout_requested", isSecurityRelevant: true)
  package var accountID: UUID
  package var stripeAccount: String
  package var livemode: Bool
  /// Which call this is: the beginning of its idempotency keys at Stripe.
  package var commandID: UUID
  package var tier: Tier
  /// `price_…`
  package var price: String
  /// The person.
  package var requestedBy: UUID

  /// The data of one such event.
  package init(
    accountID: UUID, stripeAccount: String, livemode: Bool, commandID: UUID, tier: Tier, price: String,
    requestedBy: UUID
  ) {
    self.accountID = accountID
    self.stripeAccount = stripeAccount
    self.livemode = livemode
    self.commandID = commandID
    self.tier = tier
    self.price = price
    self.requestedBy = requestedBy
  }
}
