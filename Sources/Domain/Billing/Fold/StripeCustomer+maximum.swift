/// All but subscriptions (R5): of what was said of an object, what ranks highest.
extension StripeCustomer {
  mutating func raise(_ facts: StripeFacts, of id: String, _ seen: StripeSeen) {
    if let invoice = facts.invoice { raise(invoice, of: id, seen) }
    if let payment = facts.payment, raises(id, to: StripeRank(payment, seen)) { pay(payment, by: id) }
    if let session = facts.session, raises(id, to: StripeRank(session, seen)) { sessions[id] = session }
    if let charge = facts.charge, raises(id, to: StripeRank(charge, seen)) { charges[id] = charge }
    if let refund = facts.refund, raises(id, to: StripeRank(refund, seen)) { refunds[id] = refund }
    if let dispute = facts.dispute, raises(id, to: StripeRank(dispute, seen)) { disputes[id] = dispute }
    if let warning = facts.warning, raises(id, to: StripeRank(warning, seen)) { warnings[id] = warning }
    if let schedule = facts.schedule, raises(id, to: StripeRank(schedule, seen)) { schedules[id] = schedule }
  }

  private mutating func raises(_ id: String, to rank: StripeRank) -> Bool {
    guard ranks[id].map({ $0 < rank }) ?? true else { return false }
    ranks[id] = rank
    return true
  }

  private mutating func raise(_ invoice: InvoiceFacts, of id: String, _ seen: StripeSeen) {
    var folded = invoices[id] ?? FoldedInvoice(id: id, state: invoice)
    let attempts = max(folded.state.attemptCount, invoice.attemptCount)
    if raises(id, to: StripeRank(invoice, seen)) { folded.state = invoice }
    folded.state.attemptCount = attempts
    invoices[id] = folded
  }

  /// What is told of them goes by when they were, not by when that came.
  mutating func noteFailure(of invoice: InvoiceFacts, in event: StripeEventReceived) {
    guard var folded = invoices[event.objectID] else { return }
    switch event.eventType {
    case "invoice.payment_failed":
      folded.failures.insert(event.created)
      if invoice.nextPaymentAttempt == nil { folded.lastFailures.insert(event.created) }
    case "invoice.payment_action_required": folded.questions.insert(event.created)
    default: return
    }
    invoices[event.objectID] = folded
  }

  private mutating func pay(_ payment: InvoicePaymentFacts, by id: String) {
    if let before = invoicePayments.updateValue(payment, forKey: id), let place = payments.firstIndex(of: before) {
      payments.remove(at: place)
    }
    payments.insert(payment, at: payments.firstIndex { payment.order < $0.order } ?? payments.endIndex)
  }
}

extension InvoicePaymentFacts {
  fileprivate var order: (String, String, String, String) { (invoice, paymentIntent ?? "", charge ?? "", status) }
}
