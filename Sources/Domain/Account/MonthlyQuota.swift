/// How many calls an account may track in a calendar month (UTC), live and test ones apart.
package struct MonthlyQuota: Sendable, Hashable {
  /// Live calls.
  package var live: Int
  /// Test calls.
  package var test: Int

  /// Nothing may be tracked.
  package static let none = MonthlyQuota(live: 0, test: 0)

  /// A quota.
  package init(live: Int, test: Int) {
    self.live = live
    self.test = test
  }

  /// The calls of a mode.
  package subscript(_ mode: KeyMode) -> Int {
    switch mode {
    case .live: live
    case .test: test
    }
  }

  /// Of each number the higher.
  package static func higher(_ one: MonthlyQuota, _ other: MonthlyQuota) -> MonthlyQuota {
    MonthlyQuota(live: max(one.live, other.live), test: max(one.test, other.test))
  }
}

extension Tier {
  /// What it gives now; what it gave an account stands in the account's events.
  package var quota: MonthlyQuota { MonthlyQuota(live: monthlyQuota, test: testQuota) }
}
