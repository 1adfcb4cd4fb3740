package import struct Foundation.UUID

/// What they were told had failed is paid.
package struct PaymentRecovered: EventData {
  package static let kind = EventKind("payment_recovered")
  package var accountID: UUID
  package var invoice: String
  package var currency: String
  package var amountPaid: Int
}
