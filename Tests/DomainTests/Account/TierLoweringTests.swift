import Foundation
import Testing

@testable import Domain

/// What a lower tier takes, and when: as people are told before they ask for it.
@Suite struct TierLoweringTests {
  private static func at(_ text: String) throws -> Instant { try #require(Instant(text)) }

  @Test func theMonthInWhichItBeginsKeepsItsQuota() throws {
    let lowering = TierLowering(from: .business, to: .pro, at: try Self.at("2026-11-28T09:00:00Z"))
    #expect(lowering.quotaFrom.description == "2026-12")
    let atTheTurn = TierLowering(from: .pro, to: .free, at: try Self.at("2026-12-01T00:00:00Z"))
    #expect(atTheTurn.quotaFrom.description == "2027-01", "it was held in December, if only for a moment")
    // As the account's own quota has it.
    var quota = AccountQuota()
    quota.paid = Tier.business.quota
    let month = CalendarMonth(of: lowering.at)
    let next = quota.changed(in: month, atOnce: false) { $0.paid = Tier.pro.quota }
    #expect(next.of(month) == Tier.business.quota)
    #expect(next.of(lowering.quotaFrom) == Tier.pro.quota)
  }

  @Test func detailIsKeptAsLongAsTheTierHistoryKeepsIt() throws {
    let end = try Self.at("2026-11-28T09:00:00Z")
    let lowering = TierLowering(from: .business, to: .free, at: end)
    var history = TierHistory()
    let id = UUID()
    history.evolve(.opened(AccountOpened(accountID: id, tier: .business, monthlyQuota: 1)), at: end - .days(90))
    history.evolve(
      .tierChanged(TierChanged(accountID: id, tier: .free, cause: .subscription, quota: AccountQuota())), at: end)
    #expect(history.keeping(at: lowering.detailUntil - .milliseconds(1)) == .business)
    #expect(history.keeping(at: lowering.detailUntil) == .free)
  }

  @Test func projectsBeyondTheRoomAreCounted() throws {
    let end = try Self.at("2026-11-28T09:00:00Z")
    #expect(TierLowering(from: .business, to: .pro, at: end).projectsBeyond(7) == 2)
    #expect(TierLowering(from: .business, to: .pro, at: end).projectsBeyond(5) == 0)
    #expect(TierLowering(from: .pro, to: .free, at: end).projectsBeyond(0) == 0)
  }

  @Test func whatOnlyTheHigherTierHasIsLost() throws {
    let end = try Self.at("2026-11-28T09:00:00Z")
    #expect(TierLowering(from: .business, to: .pro, at: end).lost == [.slack, .prioritySupport])
    #expect(TierLowering(from: .pro, to: .free, at: end).lost == [.mailAlerts])
    #expect(TierLowering(from: .business, to: .free, at: end).lost == [.mailAlerts, .slack, .prioritySupport])
  }
}
