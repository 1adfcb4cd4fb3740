import Foundation
import TestDatabase
import Testing

@testable import Domain

@Suite struct TierHistoryTests {
  private let start: Instant = 1_700_000_000_000

  /// An account's tiers, each from a day on.
  private func history(_ changes: (Tier, Int64)..., cause: TierChanged.Cause = .subscription) -> TierHistory {
    var history = TierHistory()
    for (index, change) in changes.enumerated() {
      let quota = change.0.monthlyQuota
      let event: Account.Event =
        index == 0
        ? .opened(AccountOpened(accountID: UUID(), tier: change.0, monthlyQuota: quota))
        : .tierChanged(TierChanged(accountID: UUID(), tier: change.0, cause: cause, quota: AccountQuota()))
      history.evolve(event, at: start + .days(change.1))
    }
    return history
  }

  @Test func anUpgradeKeepsMoreAtOnce() {
    let history = history((.free, 0), (.pro, 10))
    #expect(history.keeping(at: start + .days(10)) == .pro)
    #expect(history.keeping(at: start + .days(10) - .milliseconds(1)) == .pro, "a clock that is behind takes nothing")
  }

  @Test func aDowngradeIsFollowedAfterSevenDays() {
    let history = history((.business, 0), (.free, 10))
    #expect(history.keeping(at: start + .days(10)) == .business)
    #expect(history.keeping(at: start + .days(17) - .milliseconds(1)) == .business)
    #expect(history.keeping(at: start + .days(17)) == .free)
  }

  @Test(arguments: TierChanged.Cause.allCases.filter(\.countsAtOnce))
  func anEndForWantOfPaymentIsFollowedAfterThirtyDays(cause: TierChanged.Cause) {
    let history = history((.business, 0), (.free, 10), cause: cause)
    #expect(history.keeping(at: start + .days(40) - .milliseconds(1)) == .business)
    #expect(history.keeping(at: start + .days(40)) == .free)
  }

  /// The end is what it was, whatever is said of the lower tier afterwards.
  @Test func whatIsLoweredOnceMoreShortensNoNotice() {
    var history = history((.business, 0), (.free, 10), cause: .paymentFailed)
    let again = TierChanged(accountID: UUID(), tier: .free, cause: .operator, quota: AccountQuota())
    history.evolve(.tierChanged(again), at: start + .days(11))
    #expect(history.keeping(at: start + .days(39)) == .business)
  }

  @Test func eachOfTwoDowngradesHasItsOwnNotice() {
    let history = history((.business, 0), (.pro, 10), (.free, 13))
    #expect(history.keeping(at: start + .days(16)) == .business)
    #expect(history.keeping(at: start + .days(17)) == .pro)
    #expect(history.keeping(at: start + .days(19)) == .pro)
    #expect(history.keeping(at: start + .days(20)) == .free)
  }

  @Test func aDowngradeTakenBackWithinTheNoticeLeavesNoTrace() {
    let history = history((.business, 0), (.free, 10), (.business, 12))
    for days in 9...30 { #expect(history.keeping(at: start + .days(Int64(days))) == .business) }
  }

  @Test func aTierThatIsGrantedKeepsItsDetailUntilSevenDaysAfterItEnds() {
    var history = history((.free, 0))
    history.evolve(.granted(granted(.business, until: 20)), at: start + .days(10))
    #expect(history.keeping(at: start + .days(27) - .milliseconds(1)) == .business)
    #expect(history.keeping(at: start + .days(27)) == .free)
    history.evolve(.granted(granted(nil, until: nil)), at: start + .days(12))
    #expect(history.keeping(at: start + .days(19)) == .free)
  }

  private func granted(_ tier: Tier?, until days: Int64?) -> AccountGranted {
    AccountGranted(
      accountID: UUID(), tier: tier, grantedQuota: 0, grantedTestQuota: 0, until: days.map { start + .days($0) },
      reason: "a trial", month: nil, monthQuota: nil, monthTestQuota: nil)
  }

  @Test(arguments: [
    ("2028-03-07T12:00:00Z", 7, "2028-02-29T00:00:00Z"), ("2027-03-07T23:59:59Z", 7, "2027-02-28T00:00:00Z"),
    ("2027-01-01T00:00:00Z", 30, "2026-12-02T00:00:00Z"), ("2028-02-29T00:00:00Z", 90, "2027-12-01T00:00:00Z"),
  ])
  func detailBeginsSoManyWholeDaysBeforeToday(now: String, days: Int, expected: String) throws {
    #expect(TierHistory.beginning(of: days, before: try #require(Instant(now))) == Instant(expected))
  }

  @Test func whereDetailBeginsOnlyEverMovesForward() throws {
    func applied(_ days: Int64) -> RetentionApplied {
      RetentionApplied(accountID: UUID(), projectID: UUID(), before: .epoch + .days(days), tier: .free, days: 7)
    }
    var retention = Retention()
    for (days, isNew) in [(100, true), (100, false), (99, false), (101, true)] as [(Int64, Bool)] {
      let events = try retention.decide(.apply(applied(days)))
      #expect(events.isEmpty != isNew)
      events.forEach { retention.evolve($0) }
    }
    #expect(retention.before == .epoch + .days(101))
    var odd = applied(200)
    odd.before = odd.before + .milliseconds(1)
    #expect(throws: Retention.Failure.notADay(.epoch + .days(200) + .milliseconds(1))) {
      try retention.decide(.apply(odd))
    }
  }
}
