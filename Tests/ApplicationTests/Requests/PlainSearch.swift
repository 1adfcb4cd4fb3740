import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase

@testable import Application

/// The same question, answered by looking at every event of the log: what a search must come to.
struct PlainSearch {
  /// A request, as `log.read()` gives it.
  struct Event: Decodable {
    let endpoint, template, method: String
    let statusCode: Int
    let timestamp: Instant
    let responseTimeMs: Decimal?
    let consumer, release: String?
  }

  struct Recorded {
    let position: Int64
    let id: UUID?
    let ordinal: Int
    let key: UUID
    let event: Event

    /// Without its query string.
    var path: String { String(event.endpoint.split(separator: "?", omittingEmptySubsequences: false)[0]) }
  }

  private let events: [Recorded]

  /// All that counts of a project, and is kept, as read model `requests` must know it.
  init(_ subject: TrackedUnit.Subject, in test: TestLog) async throws {
    let rows = try await test.owner.query(
      """
      SELECT e.position, e.id, e.ordinal, e.key_id, e.data::text AS data
      FROM log.heads AS h CROSS JOIN LATERAL log.read(h.shard, 0, h.last_position) AS e
      WHERE h.shard = \(Int32(subject.shard)) AND e.type = 'request_tracked'
        AND e.project_id = \(subject.project) AND e.mode = \(subject.mode.rawValue)
        AND (e.data -> 'timestamp')::bigint >= coalesce((
          SELECT max((r.data -> 'before')::bigint)
          FROM log.read(h.shard, 0, h.last_position) AS r
          WHERE r.type = 'retention_applied' AND r.project_id = e.project_id), 0)
        AND NOT EXISTS (
          SELECT FROM log.voids AS v
          WHERE v.shard = h.shard AND v.project_id = e.project_id AND v.mode = e.mode
            AND (e.data -> 'timestamp')::bigint >= v."from" AND (e.data -> 'timestamp')::bigint < v."to"
            AND e.position <= v.upto_position)
      """)
    events = try rows.map { row in
      Recorded(
        position: try row.decode("position"), id: try row.decode("id"), ordinal: try row.decode("ordinal"),
        key: try row.decode("key_id"),
        event: try EventCoding.decode(Event.self, from: Array(row.decode("data", as: String.self).utf8)))
    }
  }

  /// Positions, ids and ordinals, in the list's order.
  func list(_ filter: RequestFilter, in range: Range<Instant>) -> [String] {
    found(filter, in: range)
      .sorted { ($0.event.timestamp, $0.position) > ($1.event.timestamp, $1.position) }
      .map { "\($0.position) \($0.id?.uuidString ?? "-") \($0.ordinal)" }
  }

  /// In no order.
  func found(_ filter: RequestFilter, in range: Range<Instant>) -> [Recorded] {
    events.filter { range.contains($0.event.timestamp) && Self.matches($0, filter) }
  }

  private static func matches(_ recorded: Recorded, _ filter: RequestFilter) -> Bool {
    let event = recorded.event
    if let wanted = filter.endpoint, ![event.template, event.endpoint, recorded.path].contains(wanted) { return false }
    if let wanted = filter.template, event.template != wanted { return false }
    if let wanted = filter.path, recorded.path != wanted { return false }
    if let wanted = filter.method, event.method != wanted { return false }
    if let wanted = filter.status, !wanted.contains(event.statusCode) { return false }
    if let wanted = filter.key, recorded.key != wanted { return false }
    if let wanted = filter.consumer, event.consumer != wanted { return false }
    if let wanted = filter.release, event.release != wanted { return false }
    let time = event.responseTimeMs.map { $0 * 1_000_000 }
    if let least = filter.atLeast, time.map({ $0 < Decimal(least) }) ?? true { return false }
    if let most = filter.atMost, time.map({ $0 > Decimal(most) }) ?? true { return false }
    return true
  }
}
