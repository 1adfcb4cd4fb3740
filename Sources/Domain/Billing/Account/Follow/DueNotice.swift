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
  /// One at most, of what came last: the bank's question is told instead of the failure that comes with it, the first failure that comes without
  /// one is told unless a question came after it, and that Stripe tries no more is told whatever was told before.
  func dueNotice(of invoice: FoldedInvoice, _ subscription: KnownSubscription?, in account: UUID) -> DueNotice? {
    guard invoice.state.status == "open", !DueNotice.attended.contains(invoice.state.billingReason ?? ""),
      !(subscription?.settles(invoice) ?? false)
    else { return nil }
    guard !told.contains(.failure(.last, invoice.id)) else { return nil }
    if let at = invoice.triedLastAt { return invoice.failed(.last, at, in: account) }
    if let at = invoice.failedSinceAsked {
      return told.contains(.failure(.first, invoice.id)) ? nil : invoice.failed(.first, at, in: account)
    }
    guard let at = invoice.actionRequiredAt, !told.contains(.action(invoice.id)) else { return nil }
    let action = PaymentActionRequired(
      accountID: account, invoice: invoice.id, currency: invoice.state.currency, amountDue: invoice.state.amountDue)
    return DueNotice(event: .paymentActionRequired(action), at: at)
  }
}

extension Instant {
  /// Stripe makes the two events of one attempt within seconds of each other, in any order.
  fileprivate func isOneAttempt(with question: Instant) -> Bool {
    self <= question + DueNotice.grace && question <= self + DueNotice.grace
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
  /// When Stripe's last attempt failed. Where the bank's first question came with it, that says all.
  fileprivate var triedLastAt: Instant? {
    lastFailures.filter { failure in actionRequiredAt.map { !failure.isOneAttempt(with: $0) } ?? true }.max()
  }

  /// When it first failed since the bank asked last, or at all: the question was answered then, and the card declined. A retry that the bank asks
  /// about again fails with a question of its own.
  fileprivate var failedSinceAsked: Instant? {
    let asked = questions.max()
    return failures.filter { failure in
      asked.map { $0 < failure && !failure.isOneAttempt(with: $0) } ?? true
    }.min()
  }

  fileprivate func failed(_ attempt: PaymentFailed.Attempt, _ at: Instant, in account: UUID) -> DueNotice {
    let failed = PaymentFailed(
      accountID: account, invoice: id, currency: state.currency, amountDue: state.amountDue,
      attemptCount: state.attemptCount, nextPaymentAttempt: attempt == .last ? nil : state.nextPaymentAttempt,
      attempt: attempt)
    return DueNotice(event: .paymentFailed(failed), at: at + DueNotice.grace)
  }
}
