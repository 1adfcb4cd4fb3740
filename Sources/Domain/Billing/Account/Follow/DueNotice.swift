import struct Foundation.UUID

/// What the owners are to be told of an invoice that is not paid, and from when on.
struct DueNotice: Sendable {
  let event: Billing.Event
  let at: Instant

  /// Also where Stripe's clock is far ahead of ours, as a test clock is: else nobody would be told before ours is there.
  func isDue(at now: Instant) -> Bool { at <= now || at > now + Self.grace + .minutes(5) }

  /// A payment that comes in within it was never late: what Stripe says arrives in any order.
  static let grace = Duration.seconds(60)
  /// Of these the page shows itself whether they were paid: somebody stands before it.
  static let attended: Set<String> = ["subscription_create", "subscription_update"]
}

extension Billing {
  /// One at most. An invoice that waits for somebody's action is told as that alone. That Stripe tries again is told once, and that it does
  /// not any more; where that comes before the first was told, alone.
  func dueNotice(of invoice: FoldedInvoice, _ subscription: KnownSubscription?, in account: UUID) -> DueNotice? {
    guard invoice.state.status == "open", !DueNotice.attended.contains(invoice.state.billingReason ?? ""),
      !(subscription?.settles(invoice) ?? false)
    else { return nil }
    if let at = invoice.actionRequiredAt {
      guard !told.contains(.action(invoice.id)) else { return nil }
      let action = PaymentActionRequired(
        accountID: account, invoice: invoice.id, currency: invoice.state.currency, amountDue: invoice.state.amountDue)
      return DueNotice(event: .paymentActionRequired(action), at: at)
    }
    guard !told.contains(.failure(.last, invoice.id)) else { return nil }
    if let at = invoice.lastFailedAt { return invoice.failed(.last, at, in: account) }
    guard let at = invoice.firstFailedAt, !told.contains(.failure(.first, invoice.id)) else { return nil }
    return invoice.failed(.first, at, in: account)
  }
}

extension KnownSubscription {
  /// Whether nobody is to be bothered for the invoice: what it was for has ended, and that is told; or it runs with this as its latest, so that
  /// it was paid, whatever of that is still on its way.
  fileprivate func settles(_ invoice: FoldedInvoice) -> Bool {
    if isOver || status.word == "unpaid" || isPastDueTooLong { return !isHeldBack }
    return status.word == "active" && !folded.needsFetch && state.latestInvoice == invoice.id
  }
}

extension FoldedInvoice {
  fileprivate func failed(_ attempt: PaymentFailed.Attempt, _ at: Instant, in account: UUID) -> DueNotice {
    let failed = PaymentFailed(
      accountID: account, invoice: id, currency: state.currency, amountDue: state.amountDue,
      attemptCount: state.attemptCount, nextPaymentAttempt: attempt == .last ? nil : state.nextPaymentAttempt,
      attempt: attempt)
    return DueNotice(event: .paymentFailed(failed), at: at + DueNotice.grace)
  }
}
