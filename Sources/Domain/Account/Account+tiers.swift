extension Account {
  /// The tier that it has at a time: the higher of what it pays for and what it was granted.
  package func tier(at now: Instant) -> Tier { grant.tier(over: tier, at: now) }

  /// More counts at once. Less counts from the next month on, but for want of payment; projects beyond what the tier has room for stay,
  /// and what is kept of the past follows by its own rule (``Retention``). The same tier again sets the quotas that it has by now.
  func change(to tier: Tier, because cause: TierChanged.Cause, at now: Instant) throws(Failure) -> [Event] {
    let id = try openID()
    let month = CalendarMonth(of: now)
    let next = quota.changed(in: month, atOnce: cause.countsAtOnce) { $0.paid = tier.quota }
    guard tier != self.tier || next.paid != quota.paid || next.of(month) != quota.of(month) else { return [] }
    return [.tierChanged(TierChanged(accountID: id, tier: tier, cause: cause, quota: next))]
  }
}

extension AccountQuota {
  mutating func take(_ changed: TierChanged) {
    paid = MonthlyQuota(live: changed.monthlyQuota, test: changed.testQuota)
    kept = Kept(changed.month, changed.monthQuota, changed.monthTestQuota)
  }

  mutating func take(_ grant: AccountGranted) {
    granted = MonthlyQuota(live: grant.grantedQuota, test: grant.grantedTestQuota)
    grantedUntil = grant.until
    kept = Kept(grant.month, grant.monthQuota, grant.monthTestQuota) ?? kept
  }
}

extension AccountQuota.Kept {
  fileprivate init?(_ month: String?, _ live: Int?, _ test: Int?) {
    guard let month, let live, let test else { return nil }
    self.init(month: month, quota: MonthlyQuota(live: live, test: test))
  }
}
