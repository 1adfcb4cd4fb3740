extension BillingFollowing {
  /// How long before a lower tier begins it is reminded of.
  static let notice = Duration.days(3)

  /// What is to come of each subscription; of one whose events do not fit together neither that nor that it is off: the mail of it could not be
  /// unsaid.
  mutating func saySchedules() {
    for known in subscriptions where known.isOver || !known.folded.needsFetch {
      let said = billing.scheduled[known.id]
      let lowering = known.lowering(in: facts)
      guard lowering?.to != said?.toTier || lowering?.at != said?.at else { continue }
      let from = lowering == nil ? said?.fromTier : known.tier
      say(
        .tierChangeScheduled(
          TierChangeScheduled(
            accountID: facts.accountID, subscription: known.id, fromTier: from ?? .free, toTier: lowering?.to,
            at: lowering?.at, isReminder: lowering.flatMap { $0.at - Self.notice <= facts.now ? true : nil })))
    }
  }

  mutating func sayReminders() {
    for reminder in reminders where reminder.at - Self.notice <= facts.now && facts.now < reminder.at {
      sayOnce(.tierChangeReminded(reminder))
    }
  }

  /// One of each lowering that is scheduled, but of those that were said so late that nobody has forgotten them when they begin.
  var reminders: [TierChangeReminded] {
    let known = Set(subscriptions.map(\.id))
    return billing.scheduled.inOrder.compactMap { id, change in
      guard known.contains(id), change.isReminder != true, let to = change.toTier, let at = change.at else {
        return nil
      }
      return TierChangeReminded(accountID: facts.accountID, subscription: id, toTier: to, at: at)
    }
  }
}

extension KnownSubscription {
  /// The lower tier that is to come, by the end or by a schedule. Whether it has come Stripe says, and never our clock: it only tells phases
  /// that have passed from those to come.
  func lowering(in facts: BillingFacts) -> (to: Tier, at: Instant)? {
    guard let tier, tier > .free else { return nil }
    if let end = endsAt(in: facts.catalogue) { return (.free, end) }
    let schedule = customer.schedules.inOrder.first { id, schedule in
      ["active", "not_started"].contains(schedule.status) && (id == state.schedule || schedule.subscription == self.id)
    }
    let coming = schedule?.value.phases.filter { phase in phase.end.map { $0 > facts.now } ?? true } ?? []
    for phase in coming {
      guard let next = phase.prices.compactMap({ facts.catalogue.prices[$0] }).max(), next < tier else { continue }
      return (next, phase.start)
    }
    return nil
  }
}
