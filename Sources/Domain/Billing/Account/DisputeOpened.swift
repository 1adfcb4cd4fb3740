package import struct Foundation.UUID

/// A payment is disputed at the customer's bank.
package struct DisputeOpened: EventData {
  package static let kind = EventKind("dispute_opened")
  package var accountID: UUID
  package var dispute: String
  package var amount: Int
  package var currency: String
  @Nullable package var reason: String?
  @Nullable package var invoice: String?
}
