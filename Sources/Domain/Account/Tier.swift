/// What an account pays for. The one table of tiers: quotas and limits are configured here and, but for `testQuota`, nowhere else.
///
/// A tier's quota of live events enters the log with the event that sets it, so that editing this table never rewrites a past month.
public enum Tier: String, Codable, Sendable, CaseIterable {
  case free, pro, business

  /// Live events an account may track in a calendar month (UTC).
  public var monthlyQuota: Int {
    switch self {
    case .free: 1_000
    case .pro: 100_000
    case .business: 10_000_000
    }
  }

  /// Test events an account may track in a calendar month (UTC), apart from live ones. The events that set quotas name the tier alone,
  /// so these numbers stand in `SQL/055_test_quota.sql`, too, and can't change without a new version of those events.
  public var testQuota: Int {
    switch self {
    case .free: 1_000
    case .pro: 10_000
    case .business: 50_000
    }
  }

  /// Projects an account may have at a time.
  public var projectLimit: Int {
    switch self {
    case .free: 1
    case .pro: 5
    case .business: 25
    }
  }

  /// Days (UTC) before today whose detail is kept: single requests, minutes and hours, endpoints and paths. Daily totals stay.
  public var detailDays: Int {
    switch self {
    case .free: 7
    case .pro: 30
    case .business: 90
    }
  }
}
