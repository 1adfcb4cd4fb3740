/// All meters of an account, and which quota is in force in each.
///
/// A quota counts from the month on that it was set in, and for every month that had not been used by then. Past months keep the one that
/// they were decided by. An account that was given none may use nothing.
package struct AccountMeters: Sendable, Equatable {
  /// Which meter: live and test events of a month are apart.
  package struct Key: Sendable, Hashable {
    /// Such as `2026-11`, UTC, by the events' own timestamps.
    package let month: String
    /// Live or test.
    package let mode: KeyMode

    /// A key.
    package init(month: String, mode: KeyMode) {
      self.month = month
      self.mode = mode
    }
  }

  /// Those that were used.
  package private(set) var meters: [Key: Meter] = [:]
  private var quota = AccountQuota()

  /// None yet.
  package init() {}

  /// Events of a month were sent.
  package mutating func take(_ events: Int, of key: Key) -> Meter.Decision {
    let unused = Meter(quota: quota(of: key), mode: key.mode)
    return meters[key, default: unused].take(events)
  }

  /// Events of a month no longer count.
  package mutating func void(_ events: Int, of key: Key, givesBackQuota: Bool) {
    meters[key]?.void(events, givesBackQuota: givesBackQuota)
  }

  /// The account's quota was changed, by an event that was recorded in a month. Returns what that crossed.
  package mutating func setQuota(_ quota: AccountQuota, in month: String) -> [Key: Set<QuotaCrossing>] {
    self.quota = quota
    var crossed: [Key: Set<QuotaCrossing>] = [:]
    for key in meters.keys where key.month >= month {
      let quota = self.quota(of: key)
      crossed[key] = meters[key]?.setQuota(quota)
    }
    return crossed.filter { !$0.value.isEmpty }
  }

  private func quota(of key: Key) -> Int { CalendarMonth(key.month).map { quota.of($0)[key.mode] } ?? 0 }
}
