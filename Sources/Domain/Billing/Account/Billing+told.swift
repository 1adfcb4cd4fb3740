import struct Foundation.UUID

extension Billing.Event {
  /// What is not said again once this is; nil: it may come to that again.
  var told: Billing.Told? {
    switch self {
    case .checkoutRequested(let request): .command(request.commandID)
    case .tierChangeRequested(let request): .command(request.commandID)
    case .cancellationRequested(let request): .command(request.commandID)
    case .subscriptionChangeUndone(let request): .command(request.commandID)
    case .refundRequested(let request): .command(request.commandID)
    case .checkoutClosed(let closed): Billing.Told("checkout_closed", closed.session)
    case .paymentFailed(let failed): .failure(failed.attempt, failed.invoice)
    case .paymentActionRequired(let action): .action(action.invoice)
    case .paymentRecovered(let recovered): Billing.Told("payment_recovered", recovered.invoice)
    case .refundRecorded(let refund): .refund(refund)
    case .disputeOpened(let dispute): Billing.Told("dispute_opened", dispute.dispute)
    case .disputeClosed(let dispute): Billing.Told("dispute_closed", dispute.dispute)
    case .tierChangeReminded(let reminder): .reminder(reminder)
    case .upgradeExpired(let expired): .expiry(expired)
    case .attentionNeeded(let need): .attention(need.attention, need.subject)
    case .checkoutOpened, .subscriptionChanged, .invoiceRecorded, .subscriptionEnded, .tierChangeScheduled,
      .attentionResolved:
      nil
    }
  }
}

extension Billing.Told {
  static func command(_ id: UUID) -> Self { Self("command", id.uuidString.lowercased()) }
  static func failure(_ attempt: PaymentFailed.Attempt, _ invoice: String) -> Self {
    Self("payment_failed/\(attempt.rawValue)", invoice)
  }
  static func action(_ invoice: String) -> Self { Self("payment_action_required", invoice) }
  /// What becomes of a refund is said, too; of a charge, each sum that went back.
  static func refund(_ refund: RefundRecorded) -> Self {
    Self("refund_recorded/\(refund.isOfCharge ? String(refund.amount) : refund.status)", refund.refund)
  }
  /// Of one lowering at one time: scheduled again for another time it is reminded of again.
  static func reminder(_ reminder: TierChangeReminded) -> Self {
    Self("tier_change_reminded/\(reminder.toTier.rawValue)/\(reminder.at.milliseconds)", reminder.subscription)
  }
  /// Of each that waited for its payment: no two of a subscription are given up at a time.
  static func expiry(_ expired: UpgradeExpired) -> Self {
    Self("upgrade_expired/\(expired.at.milliseconds)", expired.subscription)
  }
  static func attention(_ attention: BillingAttentionNeeded.Attention, _ subject: String) -> Self {
    Self("billing_attention_needed/\(attention.rawValue)", subject)
  }
}

extension BillingAttentionNeeded {
  /// As it stands among what waits for an operator.
  var waiting: Billing.Told { Billing.Told(attention.rawValue, subject) }
}

extension BillingAttentionResolved {
  /// As it stands among what waits for an operator.
  var waiting: Billing.Told { Billing.Told(attention.rawValue, subject) }
}
