/// The page where it is paid. One is open at a time, and none where it would sell what is subscribed to already.
extension Billing {
  /// Asked again for the same price, the page that is open goes on: ``checkout``. For another price it is in ``superseded`` then.
  func requestCheckout(_ request: CheckoutRequested) throws(Failure) -> [Event] {
    guard !told.contains(.command(request.commandID)) else { return [] }
    guard request.tier > .free else { throw .notSold(request.tier) }
    let ours = subscriptions.values.filter { $0.isOf(request.stripeAccount, livemode: request.livemode) && !$0.isOver }
      .sorted { $0.subscription < $1.subscription }
    for subscription in ours { try refuseOwing(subscription) }
    // Also one of a price that nobody knows, which gives nothing: another would be charged beside it.
    let charged = ours.filter { $0.status != "paused" }
    guard charged.isEmpty else { throw .subscribed(charged.compactMap(\.tier).max() ?? .free) }
    guard !(paidCheckout?.request.isOfTheMode(of: request) ?? false) else { throw .unsettled }
    if let open = checkout?.request, open.tier == request.tier, open.price == request.price,
      open.isOfTheMode(of: request)
    {
      return []
    }
    return [.checkoutRequested(request)]
  }

  /// Of a page that another took the place of, or that Stripe answered late, it is noted all the same: it must be expired.
  func openedCheckout(_ opened: CheckoutOpened) -> [Event] {
    let isKnown = checkout?.opened?.session == opened.session || superseded.contains(opened.session)
    return isKnown || told.contains(Told("checkout_closed", opened.session)) ? [] : [.checkoutOpened(opened)]
  }

  /// What is owed is paid first: another subscription, or a dearer one, would only owe more.
  func refuseOwing(_ subscription: SubscriptionChanged) throws(Failure) {
    guard SubscriptionStatus(subscription.status).isOwing else { return }
    let open = invoices.values.filter { $0.subscription == subscription.subscription && $0.status == "open" }
    let latest = open.max { ($0.created, $0.invoice) < ($1.created, $1.invoice) }
    throw .owing(status: subscription.status, invoice: latest?.invoice)
  }
}

extension SubscriptionChanged {
  fileprivate func isOf(_ stripeAccount: String, livemode: Bool) -> Bool {
    self.stripeAccount == stripeAccount && self.livemode == livemode
  }
}

extension CheckoutRequested {
  /// Whether it is of that side.
  package func isOf(_ mode: StripeMode) -> Bool { stripeAccount == mode.stripeAccount && livemode == mode.livemode }

  /// Whether one key of Stripe's opens both.
  func isOfTheMode(of other: CheckoutRequested) -> Bool {
    isOf(StripeMode(stripeAccount: other.stripeAccount, livemode: other.livemode))
  }
}
