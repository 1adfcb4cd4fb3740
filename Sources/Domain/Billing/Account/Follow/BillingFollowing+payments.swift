extension BillingFollowing {
  /// What was not paid, and then what was paid after all.
  mutating func sayPayments() {
    for notice in dueNotices where notice.isDue(at: facts.now) { sayOnce(notice.event) }
    for (_, invoice) in invoices where invoice.state.status == "paid" && billing.wasToldToPay(invoice.id) {
      sayOnce(
        .paymentRecovered(
          PaymentRecovered(
            accountID: facts.accountID, invoice: invoice.id, currency: invoice.state.currency,
            amountPaid: invoice.state.amountPaid)))
    }
  }

  /// Those that are due by now, and those that will be.
  var dueNotices: [DueNotice] {
    invoices.compactMap { _, invoice in
      let subscription = subscriptions.first { $0.id == invoice.state.subscription }
      return billing.dueNotice(of: invoice, subscription, in: facts.accountID)
    }
  }

  private var invoices: [(key: String, value: FoldedInvoice)] {
    facts.customers.filter { $0.customer != nil }.flatMap(\.invoices.inOrder)
  }
}

extension Billing {
  fileprivate func wasToldToPay(_ invoice: String) -> Bool {
    [.failure(.first, invoice), .failure(.last, invoice), .action(invoice)].contains(where: told.contains)
  }
}
