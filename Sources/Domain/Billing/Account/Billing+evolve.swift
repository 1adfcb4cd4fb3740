extension Billing {
  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    if let told = event.told { self.told.insert(told) }
    switch event {
    case .checkoutRequested(let request): begin(request)
    case .checkoutOpened(let opened): open(opened)
    case .checkoutClosed(let closed): close(closed)
    case .tierChangeRequested(let request): take(request)
    case .cancellationRequested(let request): wishes[request.subscription] = .cancel(request)
    case .subscriptionChangeUndone(let request): wishes[request.subscription] = .undo(request)
    case .subscriptionChanged(let changed): take(changed)
    case .invoiceRecorded(let invoice): invoices[invoice.invoice] = invoice
    case .paymentFailed, .paymentActionRequired, .paymentRecovered, .disputeOpened, .disputeClosed, .tierChangeReminded:
      break
    case .subscriptionEnded(let ended): lastEnd = ended
    case .upgradeExpired(let expired): take(expired)
    case .refundRecorded(let refund): take(refund)
    case .tierChangeScheduled(let change): take(change)
    case .attentionNeeded(let need): attention.insert(need.waiting)
    case .refundRequested(let request): refundRequests[request.subscription] = request
    case .attentionResolved(let resolution): attention.remove(resolution.waiting)
    }
  }

  private mutating func begin(_ request: CheckoutRequested) {
    if let open = checkout, let opened = open.opened, open.request.isOfTheMode(of: request) {
      superseded.insert(opened.session)
    }
    checkout = Checkout(request: request, opened: nil)
  }

  private mutating func open(_ opened: CheckoutOpened) {
    guard checkout?.request.commandID == opened.commandID else {
      superseded.insert(opened.session)
      return
    }
    if let earlier = checkout?.opened, earlier.session != opened.session { superseded.insert(earlier.session) }
    checkout?.opened = opened
  }

  private mutating func close(_ closed: CheckoutClosed) {
    superseded.remove(closed.session)
    guard let open = checkout, open.opened?.session == closed.session else { return }
    checkout = nil
    let isKnown = subscriptions.values.contains { !$0.isOver && $0.livemode == open.request.livemode }
    if closed.status == "complete", !isKnown { paidCheckout = open }
  }

  private mutating func take(_ request: TierChangeRequested) {
    wishes[request.subscription] = .change(request)
    if request.toTier > request.fromTier { upgrades[request.subscription] = request }
  }

  private mutating func take(_ expired: UpgradeExpired) {
    guard case .change(let request)? = wishes[expired.subscription], request == upgrades[expired.subscription] else {
      return
    }
    wishes[expired.subscription] = nil
  }

  private mutating func take(_ changed: SubscriptionChanged) {
    subscriptions[changed.subscription] = changed
    paidCheckout = nil
    if changed.tier != nil { (hasSubscribed, lastEnd) = (true, nil) }
    // So that it can be told again of another stretch of it.
    if changed.pastDueSince == nil { told.remove(.attention(.pastDueTooLong, changed.subscription)) }
    if changed.grants(wishes[changed.subscription]) { wishes[changed.subscription] = nil }
  }

  private mutating func take(_ change: TierChangeScheduled) {
    scheduled[change.subscription] = change.toTier == nil ? nil : change
    if change.grants(wishes[change.subscription]) { wishes[change.subscription] = nil }
  }

  private mutating func take(_ refund: RefundRecorded) {
    if refund.isOfCharge { refunded[refund.refund] = refund.amount }
  }
}

extension SubscriptionChanged {
  /// Whether Stripe never opens it again (R3).
  package var isOver: Bool { SubscriptionStatus(status).isOver }
  /// Days past due after which it entitles no more: what happens when retries end is a setting of Stripe's, and one of its choices is never to end.
  package static let daysOfPatience = 30

  fileprivate func grants(_ wish: Billing.Wish?) -> Bool {
    switch wish {
    case nil: false
    case _ where isOver: true
    case .change(let request)?: tier == request.toTier
    case .cancel?: endsAt != nil
    case .undo(let request)?: request.undoes == .cancellation && endsAt == nil
    }
  }
}

extension TierChangeScheduled {
  fileprivate func grants(_ wish: Billing.Wish?) -> Bool {
    switch wish {
    case nil, .cancel?: false
    case .change(let request)?: toTier == request.toTier
    case .undo(let request)?: request.undoes == .downgrade && toTier == nil
    }
  }
}

extension RefundRecorded {
  /// Whether it is all that went back of a charge, whose refunds Stripe did not name.
  var isOfCharge: Bool { refund.hasPrefix("ch_") || refund.hasPrefix("py_") }
}
