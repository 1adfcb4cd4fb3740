import Foundation
import Testing

@testable import Domain

@Suite struct TierHistoryTests {
  private let day = TierHistory.day
  private let start: Int64 = 1_700_000_000_000

  /// An account's tiers, each from a day on.
  private func history(_ changes: (Tier, Int64)...) -> TierHistory {
    var history = TierHistory()
    for (index, change) in changes.enumerated() {
      let quota = change.0.monthlyQuota
      let event: Account.Event =
        index == 0
        ? .opened(AccountOpened(accountID: UUID(), tier: change.0, monthlyQuota: quota))
        : .tierChanged(TierChanged(accountID: UUID(), tier: change.0, monthlyQuota: quota))
      history.evolve(event, at: start + change.1 * day)
    }
    return history
  }

  @Test func anUpgradeKeepsMoreAtOnce() {
    let history = history((.free, 0), (.pro, 10))
    #expect(history.keeping(at: start + 10 * day) == .pro)
    #expect(history.keeping(at: start + 10 * day - 1) == .pro, "a clock that is behind takes nothing")
  }

  @Test func aDowngradeIsFollowedAfterSevenDays() {
    let history = history((.business, 0), (.free, 10))
    #expect(history.keeping(at: start + 10 * day) == .business)
    #expect(history.keeping(at: start + 17 * day - 1) == .business)
    #expect(history.keeping(at: start + 17 * day) == .free)
  }

  @Test func eachOfTwoDowngradesHasItsOwnNotice() {
    let history = history((.business, 0), (.pro, 10), (.free, 13))
    #expect(history.keeping(at: start + 16 * day) == .business)
    #expect(history.keeping(at: start + 17 * day) == .pro)
    #expect(history.keeping(at: start + 19 * day) == .pro)
    #expect(history.keeping(at: start + 20 * day) == .free)
  }

  @Test func aDowngradeTakenBackWithinTheNoticeLeavesNoTrace() {
    let history = history((.business, 0), (.free, 10), (.business, 12))
    for days in 9...30 { #expect(history.keeping(at: start + Int64(days) * day) == .business) }
  }

  @Test(arguments: [
    ("2028-03-07T12:00:00Z", 7, "2028-02-29T00:00:00Z"), ("2027-03-07T23:59:59Z", 7, "2027-02-28T00:00:00Z"),
    ("2027-01-01T00:00:00Z", 30, "2026-12-02T00:00:00Z"), ("2028-02-29T00:00:00Z", 90, "2027-12-01T00:00:00Z"),
  ])
  func detailBeginsSoManyWholeDaysBeforeToday(now: String, days: Int, expected: String) throws {
    let style = Date.ISO8601FormatStyle()
    let time = Int64(try style.parse(now).timeIntervalSince1970 * 1000)
    let before = Int64(try style.parse(expected).timeIntervalSince1970 * 1000)
    #expect(TierHistory.beginning(of: days, before: time) == before)
  }

  @Test func whereDetailBeginsOnlyEverMovesForward() throws {
    func applied(_ days: Int64) -> RetentionApplied {
      RetentionApplied(accountID: UUID(), projectID: UUID(), before: days * day, tier: .free, days: 7)
    }
    var retention = Retention()
    for (days, isNew) in [(100, true), (100, false), (99, false), (101, true)] as [(Int64, Bool)] {
      let events = try retention.decide(.apply(applied(days)))
      #expect(events.isEmpty != isNew)
      events.forEach { retention.evolve($0) }
    }
    #expect(retention.before == 101 * day)
    var odd = applied(200)
    odd.before += 1
    #expect(throws: Retention.Failure.notADay(200 * day + 1)) { try retention.decide(.apply(odd)) }
  }
}
