public import struct Foundation.UUID

/// From here on a project's detail before a moment is no longer kept in read models: single requests, minutes and hours, endpoints
/// and paths. Daily totals stay, and so does the log. What comes late and lies before the moment counts in daily totals alone.
public struct RetentionApplied: EventData {
  /// As the log has it; never changes.
  public static let type = "retention_applied"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose the project is.
  public var accountID: UUID
  /// The project.
  public var projectID: UUID
  /// Where detail begins: the first millisecond of a day (UTC), since 1970.
  public var before: Int64
  /// The tier whose days it was: after a downgrade the longer one for as long as the notice runs.
  public var tier: Tier
  /// The days of detail that the tier had at that moment.
  public var days: Int

  /// The data of one such event.
  public init(accountID: UUID, projectID: UUID, before: Int64, tier: Tier, days: Int) {
    self.accountID = accountID
    self.projectID = projectID
    self.before = before
    self.tier = tier
    self.days = days
  }

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case projectID = "project_id"
    case before, tier, days
  }
}
