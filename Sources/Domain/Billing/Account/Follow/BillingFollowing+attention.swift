/// What somebody who runs this installation has to look at, once for each thing.
extension BillingFollowing {
  mutating func sayAttention() {
    for known in subscriptions where !known.isOver {
      for item in known.state.items where facts.catalogue.tier(of: item) == nil {
        let counted = known.held.map { "counts as \($0.rawValue), the highest it was known to be" } ?? "gives nothing"
        need(.unknownPrice, item.price, "no catalogue knows this price of subscription \(known.id), which \(counted)")
      }
      if known.hasUnknownStatus {
        let kept = known.tier == nil ? "gives nothing" : "still gives what it gave"
        need(.unknownStatus, known.id, "the subscription has a status that this release does not know, and \(kept)")
      }
      if known.isPastDueTooLong, !known.folded.needsFetch {
        need(.pastDueTooLong, known.id, "the subscription has been past due for 30 days: it gives nothing any more")
      }
    }
    sayTwoSubscriptions()
    sayPaidAfterEnd()
    sayMoneyLost()
    for customer in facts.customers where customer.isDeleted {
      guard let id = customer.customer else { continue }
      need(.customerDeleted, id, "the customer was deleted at Stripe: its subscriptions count as canceled")
    }
  }

  private mutating func need(_ attention: BillingAttentionNeeded.Attention, _ subject: String, _ detail: String) {
    sayOnce(
      .attentionNeeded(
        BillingAttentionNeeded(accountID: facts.accountID, attention: attention, subject: subject, detail: detail)))
  }

  /// The account has the higher tier; the younger is what is to be ended and paid back.
  private mutating func sayTwoSubscriptions() {
    let paid = subscriptions.filter { $0.tier != nil && !$0.folded.needsFetch }
    guard let oldest = paid.first else { return }
    for younger in paid.dropFirst() {
      need(.twoSubscriptions, younger.id, "the subscription is paid for beside \(oldest.id)")
    }
  }

  /// Of what was said to have ended before the payment was known. What was paid while it ran, and ended then, is as it should be.
  private mutating func sayPaidAfterEnd() {
    for (id, invoice) in billing.invoices.inOrder where invoice.status == "paid" && invoice.amountPaid > 0 {
      guard before.invoices[id]?.status != "paid", let subscription = invoice.subscription,
        before.subscriptions[subscription]?.isOver ?? false
      else { continue }
      need(.paidAfterEnd, id, "the invoice was paid after subscription \(subscription) had ended")
    }
  }

  private mutating func sayMoneyLost() {
    for case .refundRecorded(let refund) in events where refund.status == "succeeded" {
      need(.refunded, refund.refund, "\(refund.amount) \(refund.currency) in minor units went back")
    }
    for (id, dispute) in facts.customers.flatMap(\.disputes.inOrder) {
      need(.disputed, id, "\(dispute.amount) \(dispute.currency) in minor units are disputed")
    }
    for (id, warning) in facts.customers.flatMap(\.warnings.inOrder) {
      need(.fraudWarning, id, "an early warning of fraud for \(warning.charge ?? warning.paymentIntent ?? "a payment")")
    }
  }
}
