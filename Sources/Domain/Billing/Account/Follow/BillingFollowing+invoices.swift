import struct Foundation.UUID

extension BillingFollowing {
  /// Never of drafts, which Stripe still changes.
  mutating func sayInvoices() {
    for customer in facts.customers {
      guard let mode = customer.mode, let id = customer.customer else { continue }
      for (_, invoice) in customer.invoices.inOrder where invoice.state.status != "draft" {
        let record = InvoiceRecorded(accountID: facts.accountID, mode, customer: id, invoice)
        guard record != billing.invoices[invoice.id] else { continue }
        say(.invoiceRecorded(record))
      }
    }
  }
}

extension InvoiceRecorded {
  fileprivate init(accountID: UUID, _ mode: StripeMode, customer: String, _ invoice: FoldedInvoice) {
    let state = invoice.state
    self.init(
      accountID: accountID, stripeAccount: mode.stripeAccount, livemode: mode.livemode, customer: customer,
      invoice: invoice.id, number: state.number, subscription: state.subscription, status: state.status,
      currency: state.currency, total: state.total, amountDue: state.amountDue, amountPaid: state.amountPaid,
      tax: state.tax, attemptCount: state.attemptCount, nextPaymentAttempt: state.nextPaymentAttempt,
      billingReason: state.billingReason, created: state.created, periodStart: state.periodStart,
      periodEnd: state.periodEnd)
  }
}
