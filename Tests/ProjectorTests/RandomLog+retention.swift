import Domain
import EventLog
import Foundation
import TestDatabase

extension RandomLog {
  /// Has a project's detail begin at some day of the acceptance window, or not any later than it does.
  mutating func retain(_ source: TelemetrySource) async throws {
    let now = Instant.now
    let days = Int.random(in: 5...40, using: &random)
    let before = TierHistory.beginning(of: days, before: now)
    let stream = StreamID(
      name: "retention-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    try await test.log.handle(
      .apply(
        RetentionApplied(
          accountID: source.accountID, projectID: source.projectID, before: before, tier: .free, days: days)),
      by: Retention.self, on: stream)
  }
}
