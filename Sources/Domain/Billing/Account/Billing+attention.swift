/// What waits for somebody who runs this installation.
extension Billing {
  /// Once for each subject of a kind. What can befall the same thing again is said again when the last time was looked at.
  func need(_ need: BillingAttentionNeeded) -> [Event] {
    let isNew =
      need.attention.comesAgain
      ? !attention.contains(need.waiting) : !told.contains(.attention(need.attention, need.subject))
    return isNew ? [.attentionNeeded(need)] : []
  }

  /// Once for a subscription: whoever asks again goes on with the calls that were begun.
  func requestRefund(_ request: RefundRequested) throws(Failure) -> [Event] {
    guard subscriptions[request.subscription] != nil else { throw .noSubscription }
    return refundRequests[request.subscription] == nil ? [.refundRequested(request)] : []
  }

  func resolve(_ resolution: BillingAttentionResolved) throws(Failure) -> [Event] {
    guard attention.contains(resolution.waiting) else { throw .noSuchAttention }
    return [.attentionResolved(resolution)]
  }
}

extension BillingAttentionNeeded.Attention {
  /// Not of what the facts come to, but of what was met on the way.
  fileprivate var comesAgain: Bool { self == .reconciled || self == .callRefused }
}
