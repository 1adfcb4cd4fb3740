package import struct Foundation.UUID

/// Stripe has a page where it can be paid. One is open at a time.
package struct CheckoutOpened: EventData {
  package static let kind = EventKind("checkout_opened")
  package var accountID: UUID
  package var commandID: UUID
  package var customer: String
  /// `cs_…`
  package var session: String
  package var tier: Tier
  package var price: String
  package var expiresAt: Instant

  /// The data of one such event.
  package init(
    accountID: UUID, commandID: UUID, customer: String, session: String, tier: Tier, price: String, expiresAt: Instant
  ) {
    self.accountID = accountID
    self.commandID = commandID
    self.customer = customer
    self.session = session
    self.tier = tier
    self.price = price
    self.expiresAt = expiresAt
  }
}
