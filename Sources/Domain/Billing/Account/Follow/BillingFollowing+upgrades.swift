extension BillingFollowing {
  /// Stripe delivers for three days, and somebody may have been down for a while. What is older is no news: there is a year of it in a log that
  /// was begun before it was told.
  private static let news = Duration.days(7)
  /// Stripe gives up within a day what waits for its payment.
  private static let patience = Duration.days(2)
  /// By itself it does so 23 hours after the call, or when the period ends. Sooner another wish took its place, or somebody withdrew it.
  private static let shortest = Duration.hours(22)

  /// Upgrades that waited for their payment and were given up, each once; none where a higher tier was asked for again since, or came to be
  /// after all.
  mutating func sayExpiredUpgrades() {
    for known in subscriptions where !known.isOver && !known.folded.needsFetch {
      guard let tier = known.tier, let at = known.folded.updateExpiredAt, facts.now - at <= Self.news else { continue }
      let asked = billing.upgrades[known.id]
      let askedAt = asked?.prorationDate ?? at
      guard askedAt <= at, asked == nil || at - askedAt >= Self.shortest || known.state.turns(at: at, after: askedAt)
      else { continue }
      let toTier = at - askedAt <= Self.patience ? asked?.toTier : nil
      guard toTier.map({ tier < $0 }) ?? true else { continue }
      sayOnce(
        .upgradeExpired(
          UpgradeExpired(accountID: facts.accountID, subscription: known.id, tier: tier, toTier: toTier, at: at)))
    }
  }
}

extension SubscriptionFacts {
  /// Whether one of its periods, which ran when something was asked, ended then: Stripe's events of it are made within the hour.
  fileprivate func turns(at time: Instant, after asked: Instant) -> Bool {
    items.flatMap { [$0.periodStart, $0.periodEnd] }.compactMap(\.self)
      .contains { asked < $0 && $0 <= time + .hours(1) && time <= $0 + .hours(1) }
  }
}
