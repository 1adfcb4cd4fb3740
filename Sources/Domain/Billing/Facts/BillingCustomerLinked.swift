package import struct Foundation.UUID

/// A customer at Stripe is an account's: we made it for that. Stream: the customer's.
package struct BillingCustomerLinked: EventData {
  package static let kind = EventKind("billing_customer_linked", isSecurityRelevant: true)
  package var stripeAccount: String
  package var livemode: Bool
  /// `cus_…`
  package var customer: String
  package var accountID: UUID

  /// The data of one such event.
  package init(stripeAccount: String, livemode: Bool, customer: String, accountID: UUID) {
    self.stripeAccount = stripeAccount
    self.livemode = livemode
    self.customer = customer
    self.accountID = accountID
  }
}
