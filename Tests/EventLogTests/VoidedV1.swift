import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase

/// `telemetry_voided` as the last release wrote it: it says nothing of the quota, which got back what was taken.
struct VoidedV1: EventData {
  static let kind = EventKind("telemetry_voided", version: 1)
  // Lower case, as the log has ids.
  let voidID: String
  let projectID: String
  let accountID: String
  let mode: KeyMode
  let from: Instant
  let to: Instant
  let uptoPosition: Int64
  let reason: String
  let counts: [VoidedCount]

  /// Of all that a source tracked at one millisecond.
  init(_ test: TestLog, _ source: TelemetrySource, stream: StreamID, from: Instant, events: Int) async throws {
    voidID = UUID().uuidString.lowercased()
    projectID = source.projectID.uuidString.lowercased()
    accountID = source.accountID.uuidString.lowercased()
    mode = source.mode
    (self.from, to, reason) = (from, from + .milliseconds(1), "load test")
    uptoPosition = Int64(
      try await test.number("SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(stream.shard))"))
    counts = [
      VoidedCount(month: CalendarMonth(of: from).description, keyID: source.keyID, events: events)
    ]
  }
}
