import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase

/// `telemetry_voided` as the last release wrote it: it says nothing of the quota, which got back what was taken.
struct VoidedV1: EventData {
  static let type = "telemetry_voided"
  static let version = 1
  // Lower case, as the log has ids.
  let voidID: String
  let projectID: String
  let accountID: String
  let mode: KeyMode
  let from: Int64
  let to: Int64
  let uptoPosition: Int64
  let reason: String
  let counts: [VoidedCount]

  /// Of all that a source tracked at one millisecond.
  init(_ test: TestLog, _ source: TelemetrySource, stream: EventLog.Stream, from: Int64, events: Int) async throws {
    voidID = UUID().uuidString.lowercased()
    projectID = source.projectID.uuidString.lowercased()
    accountID = source.accountID.uuidString.lowercased()
    mode = source.mode
    (self.from, to, reason) = (from, from + 1, "load test")
    uptoPosition = Int64(
      try await test.number("SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(stream.shard))"))
    counts = [
      VoidedCount(month: CalendarMonth(milliseconds: from).description, keyID: source.keyID, events: events)
    ]
  }

  enum CodingKeys: String, CodingKey {
    case voidID = "void_id"
    case projectID = "project_id"
    case accountID = "account_id"
    case mode, from, to
    case uptoPosition = "upto_position"
    case reason, counts
  }
}
