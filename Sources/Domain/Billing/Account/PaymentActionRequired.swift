package import struct Foundation.UUID

/// The owners are to be told that a payment waits for them.
package struct PaymentActionRequired: EventData {
  package static let kind = EventKind("payment_action_required")
  package var accountID: UUID
  package var invoice: String
  package var currency: String
  package var amountDue: Int
}
