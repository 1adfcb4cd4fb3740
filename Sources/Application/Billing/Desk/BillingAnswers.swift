package import Domain

/// Where Stripe sends people back to: absolute URLs. `{CHECKOUT_SESSION_ID}` in the first is replaced by Stripe.
package struct BillingReturn: Sendable {
  let success: String
  let cancelled: String

  /// After paying, and after turning back.
  package init(success: String, cancelled: String) {
    self.success = success
    self.cancelled = cancelled
  }
}

/// A page of Stripe's to go on to.
package struct BillingPage: Sendable {
  package let url: String
  package let recorded: Recorded?
}

/// What a checkout has come to.
package enum BillingSessionState: String, Sendable { case open, complete, expired }

/// What an upgrade would cost. Amounts in minor units.
package struct BillingPreview: Sendable, Equatable {
  /// What it was reckoned at: the upgrade names it, so that the amount is the one that was shown.
  package var prorationDate: Instant
  /// ISO 4217, in lower case.
  package var currency: String
  /// What is taken at once: what was paid already and is not used is off.
  package var dueNow: Int
  /// What is taken for each period after that.
  package var next: Int
  /// When that is taken first.
  package var nextAt: Instant?
  /// What is taken now, with its tax; nil where none is reckoned.
  package var breakdown: Breakdown?

  /// An amount and its tax, whichever way the price has it.
  package struct Breakdown: Sendable, Equatable {
    /// Without tax.
    package var subtotal: Int
    package var tax: Int
    /// Both together, before what is to the customer's credit comes off.
    package var total: Int
  }
}

/// What became of an upgrade.
package struct BillingUpgrade: Sendable {
  package let outcome: Outcome
  package let recorded: Recorded

  /// Whether somebody has to do something.
  package enum Outcome: Sendable, Equatable {
    case done
    /// The payment waits for its payer, at Stripe's page of the invoice.
    case pay(url: String)
  }
}

/// Stripe's documents of an invoice: links that open without log-in.
package struct BillingDocuments: Sendable {
  package var page: String?
  package var pdf: String?
}
