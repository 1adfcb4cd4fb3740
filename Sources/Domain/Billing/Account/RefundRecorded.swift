package import struct Foundation.UUID

/// Money went back. It lowers nothing by itself.
package struct RefundRecorded: EventData {
  package static let kind = EventKind("refund_recorded")
  package var accountID: UUID
  /// `re_…`, or the charge's where Stripe names no refund.
  package var refund: String
  package var status: String
  package var amount: Int
  package var currency: String
  @Nullable package var invoice: String?
}
