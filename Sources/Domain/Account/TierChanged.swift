package import struct Foundation.UUID

/// The account pays for another tier from here on. What was used of the month stays used.
///
/// Version 1 knew no cause, and its quota counted at once, up and down.
package struct TierChanged: EventData {
  package static let kind = EventKind("tier_changed", version: 2, isSecurityRelevant: true)
  /// Whose tier it is.
  package var accountID: UUID
  /// What it pays for from now on.
  package var tier: Tier
  /// Why.
  package var cause: Cause
  /// Live events it may track in each calendar month (UTC) after `month`, by the tier: the tier's quota at that moment.
  package var monthlyQuota: Int
  /// The same of test events.
  package var testQuota: Int
  /// The calendar month (UTC) of the change, such as `2026-11`. Nil of version 1, with what is said of it.
  @Nullable package var month: String?
  /// Live events it may track in that month.
  @Nullable package var monthQuota: Int?
  /// The same of test events.
  @Nullable package var monthTestQuota: Int?

  /// Why a tier changes.
  package enum Cause: String, Codable, Sendable, CaseIterable {
    /// The operator said so.
    case `operator`
    /// What the account subscribes to changed, or ended as it was to end.
    case subscription
    case unpaid
    case incompleteExpired = "incomplete_expired"
    case paymentFailed = "payment_failed"
    case paymentDisputed = "payment_disputed"

    /// For want of payment. Everything else lets the month keep what it had.
    package var countsAtOnce: Bool {
      switch self {
      case .operator, .subscription: false
      case .unpaid, .incompleteExpired, .paymentFailed, .paymentDisputed: true
      }
    }
  }

  /// The data of one such event.
  package init(accountID: UUID, tier: Tier, cause: Cause, quota: AccountQuota) {
    self.accountID = accountID
    self.tier = tier
    self.cause = cause
    monthlyQuota = quota.paid.live
    testQuota = quota.paid.test
    month = quota.kept?.month
    monthQuota = quota.kept?.quota.live
    monthTestQuota = quota.kept?.quota.test
  }
}
