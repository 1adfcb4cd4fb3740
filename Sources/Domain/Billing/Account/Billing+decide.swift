extension Billing {
  /// The events that follow from a command.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .requestCheckout(let request): try requestCheckout(request)
    case .openedCheckout(let opened): openedCheckout(opened)
    case .changeTier(let request): try changeTier(request)
    case .cancel(let request): try cancel(request)
    case .undo(let request): try undo(request)
    case .follow(let facts): follow(facts)
    case .need(let need): self.need(need)
    case .requestRefund(let request): try requestRefund(request)
    case .resolve(let resolution): try resolve(resolution)
    }
  }

  /// What follows from the facts and was not said yet, in an order that is always the same: what things have come to, then what people are
  /// told of them.
  func follow(_ facts: BillingFacts) -> [Event] {
    var following = BillingFollowing(facts, after: self)
    following.saySubscriptions()
    following.sayInvoices()
    following.sayPayments()
    following.sayEnds()
    following.sayExpiredUpgrades()
    following.sayRefunds()
    following.sayDisputes()
    following.sayCheckouts()
    following.saySchedules()
    following.sayReminders()
    following.sayAttention()
    return following.events
  }
}
