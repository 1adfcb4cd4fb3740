package import struct Foundation.UUID

/// What an invoice has come to. Amounts are in minor units of its currency.
package struct InvoiceRecorded: EventData {
  package static let kind = EventKind("invoice_recorded")
  package var accountID: UUID
  package var stripeAccount: String
  package var livemode: Bool
  package var customer: String
  /// `in_…`
  package var invoice: String
  @Nullable package var number: String?
  @Nullable package var subscription: String?
  /// draft, open, uncollectible, void, paid.
  package var status: String
  package var currency: String
  package var total: Int
  package var amountDue: Int
  package var amountPaid: Int
  @Nullable package var tax: Int?
  package var attemptCount: Int
  @Nullable package var nextPaymentAttempt: Instant?
  @Nullable package var billingReason: String?
  package var created: Instant
  @Nullable package var periodStart: Instant?
  @Nullable package var periodEnd: Instant?
}
