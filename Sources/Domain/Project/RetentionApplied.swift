package import struct Foundation.UUID

/// From here on a project's detail before a moment is no longer kept in read models: single requests, minutes and hours, endpoints
/// and paths. Daily totals stay, and so does the log. What comes late and lies before the moment counts in daily totals alone.
package struct RetentionApplied: EventData {
  package static let kind = EventKind("retention_applied")
  /// Whose the project is.
  package var accountID: UUID
  /// The project.
  package var projectID: UUID
  /// Where detail begins: the first millisecond of a day (UTC).
  package var before: Instant
  /// The tier whose days it was: after a downgrade the longer one for as long as the notice runs.
  package var tier: Tier
  /// The days of detail that the tier had at that moment.
  package var days: Int

  /// The data of one such event.
  package init(accountID: UUID, projectID: UUID, before: Instant, tier: Tier, days: Int) {
    self.accountID = accountID
    self.projectID = projectID
    self.before = before
    self.tier = tier
    self.days = days
  }
}
