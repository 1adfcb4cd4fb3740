public import struct Foundation.UUID

/// The account pays for another tier from here on. Its quota counts for the month it is recorded in and those to come: what was
/// used of the month stays used, and no crossing is announced a second time.
public struct TierChanged: EventData {
  /// As the log has it; never changes.
  public static let type = "tier_changed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose tier it is.
  public var accountID: UUID
  /// What it pays for from now on.
  public var tier: Tier
  /// Live events it may track in a calendar month (UTC): the tier's quota at that moment.
  public var monthlyQuota: Int

  /// The data of one such event.
  public init(accountID: UUID, tier: Tier, monthlyQuota: Int) {
    self.accountID = accountID
    self.tier = tier
    self.monthlyQuota = monthlyQuota
  }

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case tier
    case monthlyQuota = "monthly_quota"
  }
}
