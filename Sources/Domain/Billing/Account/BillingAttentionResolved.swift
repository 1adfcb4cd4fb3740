package import struct Foundation.UUID

/// Somebody who runs this installation has looked at it.
package struct BillingAttentionResolved: EventData {
  package static let kind = EventKind("billing_attention_resolved")
  package var accountID: UUID
  package var attention: BillingAttentionNeeded.Attention
  package var subject: String
  /// What was done, in their words.
  package var reason: String

  /// The data of one such event.
  package init(accountID: UUID, attention: BillingAttentionNeeded.Attention, subject: String, reason: String) {
    self.accountID = accountID
    self.attention = attention
    self.subject = subject
    self.reason = reason
  }
}
