/// What a lower tier takes, and when, where it begins as it was to: not for want of payment, which counts at once.
package struct TierLowering: Sendable, Equatable {
  /// What the account has until then.
  package let from: Tier
  /// What it has from then on.
  package let to: Tier
  /// When that is.
  package let at: Instant

  /// From one to another.
  package init(from: Tier, to: Tier, at: Instant) {
    (self.from, self.to, self.at) = (from, to, at)
  }

  /// The first month (UTC) that has the lower quota: the one in which it begins keeps the higher to its end.
  package var quotaFrom: CalendarMonth { CalendarMonth(of: at).next }

  /// Until when what the higher tier keeps of the past is kept.
  package var detailUntil: Instant { at + .days(TierHistory.noticeDays) }

  /// What the account has no more.
  package var lost: [TierFeature] { TierFeature.allCases.filter { from.has($0) && !to.has($0) } }

  /// How many of so many projects there is no room for any more: none of them is taken away, and none can be added.
  package func projectsBeyond(_ projects: Int) -> Int { max(0, projects - to.projectLimit) }
}
