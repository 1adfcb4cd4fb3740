/// What went back, and what is disputed. Neither lowers anything: the tier follows the subscription.
extension BillingFollowing {
  /// Each refund, and what becomes of it. Where Stripe says only how much of a charge went back, that; refunds that it names afterwards are not
  /// said again as far as they are in it.
  mutating func sayRefunds() {
    for (id, refund) in facts.customers.flatMap(\.refunds.inOrder) where !isCovered(id, refund) {
      sayOnce(
        .refundRecorded(
          RefundRecorded(
            accountID: facts.accountID, refund: id, status: refund.status, amount: refund.amount,
            currency: refund.currency, invoice: invoice(charge: refund.charge, payment: refund.paymentIntent))))
    }
    for (id, charge) in facts.customers.flatMap(\.charges.inOrder) {
      let isNamed = facts.customers.contains { $0.refunds.values.contains { $0.isOf(id, charge) } }
      guard !isNamed, charge.amountRefunded > billing.refunded[id] ?? 0 else { continue }
      sayOnce(
        .refundRecorded(
          RefundRecorded(
            accountID: facts.accountID, refund: id, status: "succeeded", amount: charge.amountRefunded,
            currency: charge.currency, invoice: invoice(charge: id, payment: charge.paymentIntent))))
    }
  }

  private func isCovered(_ id: String, _ refund: RefundFacts) -> Bool {
    let charges = facts.customers.flatMap(\.charges)
    guard let charge = charges.first(where: { refund.isOf($0.key, $0.value) }),
      let covered = billing.refunded[charge.key]
    else { return false }
    let upToIt = facts.customers.flatMap(\.refunds).filter { $0.key <= id && $0.value.isOf(charge.key, charge.value) }
    return upToIt.reduce(0) { $0.addingSaturating($1.value.amount) } <= covered
  }

  mutating func sayDisputes() {
    for (id, dispute) in facts.customers.flatMap(\.disputes.inOrder) {
      sayOnce(
        .disputeOpened(
          DisputeOpened(
            accountID: facts.accountID, dispute: id, amount: dispute.amount, currency: dispute.currency,
            reason: dispute.reason, invoice: invoice(charge: dispute.charge, payment: dispute.paymentIntent))))
      guard Self.closed.contains(dispute.status) else { continue }
      sayOnce(.disputeClosed(DisputeClosed(accountID: facts.accountID, dispute: id, status: dispute.status)))
    }
  }

  private static let closed: Set<String> = ["won", "lost", "warning_closed", "prevented"]

  /// What was paid by it: neither charges nor what befalls them name an invoice.
  private func invoice(charge: String?, payment: String?) -> String? {
    facts.customers.flatMap(\.payments).first { known in
      charge != nil && known.charge == charge || payment != nil && known.paymentIntent == payment
    }?.invoice
  }
}

extension RefundFacts {
  fileprivate func isOf(_ id: String, _ known: ChargeFacts) -> Bool {
    charge == id || paymentIntent != nil && paymentIntent == known.paymentIntent
  }
}
