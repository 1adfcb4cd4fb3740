/// What an account's quota is made of, and so what it is in each month: the highest of what it pays for, what it was granted, and, of a
/// month in which either was lowered, what it had.
///
/// A pure function of the month, so that a grant ends without an event, and a replay comes to the same. The log decides by the same rule:
/// `log.quota_of()`.
package struct AccountQuota: Sendable, Hashable {
  /// By the tier.
  package var paid = MonthlyQuota.none
  /// By the operator.
  package var granted = MonthlyQuota.none
  /// When that ends; nil: never. It counts for the whole month that it ends in.
  package var grantedUntil: Instant?
  /// What the month of the last change, and those before it, have at least.
  package var kept: Kept?

  /// The quota of a month whatever follows.
  package struct Kept: Sendable, Hashable {
    /// Such as `2026-11`.
    package var month: String
    /// What it has at least.
    package var quota: MonthlyQuota

    /// Of a month.
    package init(month: String, quota: MonthlyQuota) {
      self.month = month
      self.quota = quota
    }
  }

  /// Nothing, of an account that was not opened.
  package init() {}

  /// The quota of a month.
  package func of(_ month: CalendarMonth) -> MonthlyQuota {
    guard let kept, kept.month >= month.description else { return lasting(in: month) }
    return .higher(lasting(in: month), kept.quota)
  }

  /// Without what is only kept.
  private func lasting(in month: CalendarMonth) -> MonthlyQuota {
    guard grantedUntil.map({ $0 > month.start }) ?? true else { return paid }
    return .higher(paid, granted)
  }

  /// After a change in a month, which keeps what it had unless the change counts at once. A clock that is behind that of the change before
  /// takes nothing from the month that this one kept.
  func changed(in month: CalendarMonth, atOnce: Bool, _ change: (inout AccountQuota) -> Void) -> AccountQuota {
    let month = kept.flatMap { $0.month > month.description ? CalendarMonth($0.month) : nil } ?? month
    var next = self
    change(&next)
    let lasting = next.lasting(in: month)
    next.kept = Kept(month: month.description, quota: atOnce ? lasting : .higher(of(month), lasting))
    return next
  }
}
