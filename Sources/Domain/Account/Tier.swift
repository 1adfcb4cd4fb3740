/// What an account pays for. The one table of tiers: quotas and limits are configured here and, but for rates (``callRate``) and what old
/// events meant by a tier (`log.test_quota()`), nowhere else.
///
/// A tier's quotas enter the log with the event that sets them, so that editing this table never rewrites a past month.
package enum Tier: String, Codable, Sendable, CaseIterable, Comparable {
  case free, pro, business

  /// Whoever has the higher has all that the lower gives.
  package static func < (lower: Tier, higher: Tier) -> Bool { lower.projectLimit < higher.projectLimit }

  /// Live events an account may track in a calendar month (UTC).
  package var monthlyQuota: Int {
    switch self {
    case .free: 1_000
    case .pro: 50_000
    case .business: 500_000
    }
  }

  /// Test events an account may track in a calendar month (UTC), apart from live ones. The events that set quotas name the tier alone,
  /// so these numbers stand in `SQL/objects/quota/test_quota.sql`, too, and can't change without a new version of those events.
  package var testQuota: Int {
    switch self {
    case .free: 1_000
    case .pro: 10_000
    case .business: 50_000
    }
  }

  /// Projects an account may have at a time.
  package var projectLimit: Int {
    switch self {
    case .free: 1
    case .pro: 5
    case .business: 25
    }
  }

  /// Days (UTC) before today whose detail is kept: single requests, minutes and hours, endpoints and paths. Daily totals stay.
  package var detailDays: Int {
    switch self {
    case .free: 7
    case .pro: 30
    case .business: 90
    }
  }
}
