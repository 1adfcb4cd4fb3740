package import struct Foundation.UUID

/// Somebody who runs this installation has to look at it. Said once for each subject of a kind.
package struct BillingAttentionNeeded: EventData {
  package static let kind = EventKind("billing_attention_needed")
  package var accountID: UUID
  package var attention: Attention
  /// What it is about: an id of Stripe's.
  package var subject: String
  /// In words, without personal data.
  package var detail: String

  /// The data of one such event.
  package init(accountID: UUID, attention: Attention, subject: String, detail: String) {
    self.accountID = accountID
    self.attention = attention
    self.subject = subject
    self.detail = detail
  }

  /// What there is to look at.
  package enum Attention: String, Codable, Sendable, CaseIterable {
    /// A price that no catalogue knows.
    case unknownPrice = "unknown_price"
    /// A status that this release does not know.
    case unknownStatus = "unknown_status"
    /// Two subscriptions are paid for at once.
    case twoSubscriptions = "two_subscriptions"
    /// Paid for something that had ended.
    case paidAfterEnd = "paid_after_end"
    /// Past due for 30 days: it entitles no more.
    case pastDueTooLong = "past_due_too_long"
    case refunded, disputed
    /// An early fraud warning.
    case fraudWarning = "fraud_warning"
    case customerDeleted = "customer_deleted"
    /// What Stripe has was not what its events came to.
    case reconciled
    /// Stripe refused a call.
    case callRefused = "call_refused"
  }
}
