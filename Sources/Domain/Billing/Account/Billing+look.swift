extension Billing {
  /// When this is to be looked at again though Stripe says nothing: a grace that ends, thirty days past due, a reminder; nil: never.
  ///
  /// What is due by `facts.now` is not among it: that follows already.
  package func nextLook(at facts: BillingFacts) -> Instant? {
    let following = BillingFollowing(facts, after: after(facts))
    let graces = following.dueNotices.map(\.at)
    // What an unsettled one comes to waits for Stripe's answer, not for a time.
    let ends = following.subscriptions.filter { !$0.folded.needsFetch }.compactMap(\.patienceEnds)
    let reminders = following.reminders.map { $0.at - BillingFollowing.notice }
    return (graces + ends + reminders).filter { $0 > facts.now }.min()
  }

  private func after(_ facts: BillingFacts) -> Billing {
    var after = self
    for event in follow(facts) { after.evolve(event) }
    return after
  }
}
