/// What a person wants of a subscription that runs. What was wished and not confirmed yet counts as if it could come to pass.
extension Billing {
  /// Higher at once, lower at the period's end.
  func changeTier(_ request: TierChangeRequested) throws(Failure) -> [Event] {
    guard !told.contains(.command(request.commandID)) else { return [] }
    let subscription = try running(request.subscription)
    try refuseOwing(subscription)
    guard let tier = subscription.tier else { throw .noSubscription }
    guard request.toTier > .free else { throw .notSold(request.toTier) }
    guard request.toTier != tier else { throw .unchanged(tier) }
    // The page was made of a tier that is none any more: its price would not be the one that was shown.
    guard request.fromTier == tier else { throw .unsettled }
    let isScheduled = scheduled[request.subscription]?.toTier == request.toTier && wishes[request.subscription] == nil
    guard request.toTier > tier || !isScheduled else { throw .unchanged(request.toTier) }
    return [.tierChangeRequested(request)]
  }

  /// None where it is to end already, unless that was taken back meanwhile, or somebody leaves, which is a reason of its own.
  func cancel(_ request: CancellationRequested) throws(Failure) -> [Event] {
    guard !told.contains(.command(request.commandID)) else { return [] }
    let subscription = try running(request.subscription)
    let isEnding = subscription.endsAt != nil && wishes[request.subscription] == nil
    return isEnding && !request.isLeaving ? [] : [.cancellationRequested(request)]
  }

  /// Also of what was asked for only just now, and Stripe has not confirmed.
  func undo(_ request: SubscriptionChangeUndone) throws(Failure) -> [Event] {
    guard !told.contains(.command(request.commandID)) else { return [] }
    let subscription = try running(request.subscription)
    let wish = wishes[request.subscription]
    let hasOne =
      switch request.undoes {
      case .cancellation: subscription.endsAt != nil || wish?.isCancellation ?? false
      case .downgrade:
        subscription.endsAt == nil && scheduled[request.subscription] != nil || wish?.isDowngrade ?? false
      }
    guard hasOne else { throw .nothingToUndo }
    return [.subscriptionChangeUndone(request)]
  }

  private func running(_ id: String) throws(Failure) -> SubscriptionChanged {
    guard let subscription = subscriptions[id], !subscription.isOver else { throw .noSubscription }
    return subscription
  }
}

extension Billing.Wish {
  fileprivate var isCancellation: Bool { if case .cancel = self { true } else { false } }

  fileprivate var isDowngrade: Bool {
    if case .change(let request) = self { request.toTier < request.fromTier } else { false }
  }
}
