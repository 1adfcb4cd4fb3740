/// One side of one account at Stripe: its live or its test data. Facts of any other are never folded: what was paid with a test card must not
/// entitle anybody.
package struct StripeMode: Codable, Sendable, Hashable {
  /// Such as `acct_1Nv0FGQ9RKHgCVdK`.
  package var stripeAccount: String
  /// Whether money moves.
  package var livemode: Bool

  /// A side of an account.
  package init(stripeAccount: String, livemode: Bool) {
    self.stripeAccount = stripeAccount
    self.livemode = livemode
  }
}
