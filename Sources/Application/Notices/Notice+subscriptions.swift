import Domain
import Foundation

/// What becomes of what an account pays for, and what that means for its quota and its detail.
extension Notice {
  static let subscriptions: [Notice] = [
    Notice(
      "subscription_ended", of: SubscriptionEnded.self, where: { !$0.cause.countsAtOnce && $0.isPaused != true },
      to: .owners, saying: ended + [.recordedMonth, .after("detail_until", days: TierHistory.noticeDays)],
      about: .payments, by: [.mail, .slack]),
    Notice(
      "subscription_paused", of: SubscriptionEnded.self, where: { !$0.cause.countsAtOnce && $0.isPaused == true },
      to: .owners, saying: ended + [.recordedMonth, .after("detail_until", days: TierHistory.noticeDays)],
      about: .payments, by: [.mail, .slack]),
    Notice(
      "subscription_ended_unpaid", of: SubscriptionEnded.self, where: { $0.cause.countsAtOnce }, to: .owners,
      saying: ended + [.after("detail_until", days: TierHistory.unpaidNoticeDays)], about: .payments,
      by: [.mail, .slack]),
    Notice(
      "tier_change_scheduled", of: TierChangeScheduled.self, where: { $0.toTier != nil && $0.at != nil }, to: .owners,
      saying: [.text("former") { $0.fromTier.word }] + lowered({ $0.toTier ?? .free }, { $0.at ?? .distantFuture }),
      about: .payments, by: [.mail, .slack]),
    Notice(
      "tier_change_reminded", of: TierChangeReminded.self, to: .owners, saying: lowered({ $0.toTier }, { $0.at }),
      about: .payments, by: [.mail, .slack]),
  ]

  /// What Stripe gave up because it was not paid.
  static let upgrades: [Notice] = [
    Notice(
      "upgrade_expired", of: UpgradeExpired.self, to: .owners,
      saying: [
        .account, .accountID, .text("tier") { $0.tier.word }, .text("wanted") { $0.toTier?.word ?? "a higher tier" },
      ], about: .payments, by: [.mail, .slack])
  ]

  private static let ended: [Fact<SubscriptionEnded>] = [
    .account, .accountID, .at, .text("former") { $0.fromTier.word }, .text("tier") { $0.toTier.word },
    .number("quota") { $0.toTier.monthlyQuota }, .number("days") { $0.toTier.detailDays },
  ]

  /// What a lower tier means that begins at a time: the month that it begins in keeps its quota, and detail goes a week later.
  private static func lowered<Event>(
    _ tier: @escaping @Sendable (Event) -> Tier, _ beginning: @escaping @Sendable (Event) -> Instant
  ) -> [Fact<Event>] {
    [
      .account, .accountID, .text("tier") { tier($0).word }, .time("begins") { beginning($0) },
      .text("month") { "\(CalendarMonth(of: beginning($0)))" }, .number("quota") { tier($0).monthlyQuota },
      .number("days") { tier($0).detailDays },
      .time("detail_until") { beginning($0) + .days(TierHistory.noticeDays) },
    ]
  }
}

extension Fact {
  /// The month that it was recorded in: `month`.
  fileprivate static var recordedMonth: Self {
    Fact(name: "month") { _, logged in .text("\(CalendarMonth(of: logged.recordedAt))") }
  }

  /// So many days after it was recorded.
  fileprivate static func after(_ name: String, days: Int64) -> Self {
    Fact(name: name) { _, logged in .time(logged.recordedAt + .days(days)) }
  }
}

extension Tier {
  /// For people, such as `Pro`.
  var word: String { rawValue.capitalized }
}
