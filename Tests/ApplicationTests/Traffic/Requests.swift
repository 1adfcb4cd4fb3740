import Domain
import EventLog
import TestDatabase

/// A request of a test.
struct Sent: Sendable {
  var time: Instant
  var endpoint = "/a"
  var method = TrackedMethod.get
  var status = 200
  /// Nil: it says nothing of its time.
  var nanoseconds: Int64? = 1_000_000
  var consumer: String?
  var release: String?

  var request: TrackedRequest {
    TrackedRequest(
      endpoint: endpoint, method: method, statusCode: status, responseTimeNanoseconds: nanoseconds, timestamp: time,
      consumer: consumer, release: release)
  }
}

extension Recounted {
  /// Appends requests as calls would, a unit for each month.
  func send(_ requests: [Sent], _ source: TelemetrySource) async throws {
    let months = Dictionary(grouping: requests) { CalendarMonth(of: $0.time).description }
    for (month, requests) in months.sorted(by: { $0.key < $1.key }) {
      var unit = TelemetryUnit(source: source, month: month)
      for (index, sent) in requests.enumerated() {
        if index > 0 { unit.data.append(UInt8(ascii: ",")) }
        sent.request.encode(into: &unit.data)
      }
      unit.count = requests.count
      _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
    }
  }

  /// Ends a project's detail, as the nightly job does.
  func retain(_ source: TelemetrySource, from before: Instant) async throws {
    let stream = StreamID(
      name: "retention-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    let applied = RetentionApplied(
      accountID: source.accountID, projectID: source.projectID, before: before, tier: .free, days: 7)
    try await test.log.handle(.apply(applied), by: Retention.self, on: stream)
  }
}
