package import struct Foundation.UUID

/// The owners are to be told that an invoice could not be paid: the first time, and when Stripe will not try again.
package struct PaymentFailed: EventData {
  package static let kind = EventKind("payment_failed")
  package var accountID: UUID
  package var invoice: String
  package var currency: String
  package var amountDue: Int
  package var attemptCount: Int
  @Nullable package var nextPaymentAttempt: Instant?
  package var attempt: Attempt

  /// Which of those that are told.
  package enum Attempt: String, Codable, Sendable, CaseIterable {
    case first, last
  }
}
