extension Billing {
  /// What can have happened.
  package enum Event: RecordedEvent {
    case checkoutRequested(CheckoutRequested)
    case checkoutOpened(CheckoutOpened)
    case checkoutClosed(CheckoutClosed)
    case tierChangeRequested(TierChangeRequested)
    case cancellationRequested(CancellationRequested)
    case subscriptionChangeUndone(SubscriptionChangeUndone)
    case subscriptionChanged(SubscriptionChanged)
    case invoiceRecorded(InvoiceRecorded)
    case paymentFailed(PaymentFailed)
    case paymentActionRequired(PaymentActionRequired)
    case paymentRecovered(PaymentRecovered)
    case subscriptionEnded(SubscriptionEnded)
    case upgradeExpired(UpgradeExpired)
    case refundRecorded(RefundRecorded)
    case disputeOpened(DisputeOpened)
    case disputeClosed(DisputeClosed)
    case tierChangeScheduled(TierChangeScheduled)
    case tierChangeReminded(TierChangeReminded)
    case attentionNeeded(BillingAttentionNeeded)
    case refundRequested(RefundRequested)
    case attentionResolved(BillingAttentionResolved)
  }
}

extension Billing.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(checkoutRequested),
    EventCase(checkoutOpened),
    EventCase(checkoutClosed),
    EventCase(tierChangeRequested),
    EventCase(cancellationRequested),
    EventCase(subscriptionChangeUndone),
    EventCase(subscriptionChanged),
    EventCase(invoiceRecorded),
    EventCase(paymentFailed),
    EventCase(paymentActionRequired),
    EventCase(paymentRecovered),
    EventCase(subscriptionEnded),
    EventCase(upgradeExpired),
    EventCase(refundRecorded),
    EventCase(disputeOpened),
    EventCase(disputeClosed),
    EventCase(tierChangeScheduled),
    EventCase(tierChangeReminded),
    EventCase(attentionNeeded),
    EventCase(refundRequested),
    EventCase(attentionResolved),
  ]
}
