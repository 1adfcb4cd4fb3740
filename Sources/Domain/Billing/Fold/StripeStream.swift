package import struct Foundation.UUID

/// Where facts about a customer go. Whose account it is need not be known yet, so its shard follows from the customer.
package struct StripeStream: Sendable, Hashable {
  package let mode: StripeMode
  /// `cus_…`, or, of a fact that names no customer, the payment or charge that it is about.
  package let subject: String
  /// Derived of both: shard and sealing go by it.
  package let id: UUID

  /// The stream of a subject.
  ///
  /// - Parameter digest: SHA-256, which this module has no code for.
  package init(_ subject: String, in mode: StripeMode, digest: (String) -> [UInt8]) {
    self.mode = mode
    self.subject = subject
    let text = "stripe/\(mode.stripeAccount)/\(mode.livemode ? "live" : "test")/\(subject)"
    id = UUID.derived(from: digest(text), version: nil)
  }

  /// Never changes: the log has it.
  package var name: String { "stripe-\(mode.stripeAccount)-\(mode.livemode ? "live" : "test")-\(subject)" }
  /// The vault's subject whose key seals the bodies of the customer's facts.
  package var sealingSubject: UUID { id }
}
