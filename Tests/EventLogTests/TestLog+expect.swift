import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

extension TestLog {
  /// Raises the account's quota to the next tier's, as a subscription would.
  func upgrade(_ source: TelemetrySource, to tier: Tier = .pro) async throws {
    let stream = StreamID(
      name: "subscription-\(source.accountID)", shard: shard(of: source), accountID: source.accountID)
    try await log.handle(.open(id: source.accountID, tier: tier, owner: UUID()), by: Account.self, on: stream)
  }

  /// Promise 7, for meters: the log alone gives the same rows.
  func expectMetersMatchTheLog(_ location: SourceLocation = #_sourceLocation) async throws {
    try await log.writeTallies()
    let differences = try await owner.query(
      """
      WITH recounted AS (SELECT r.* FROM log.heads AS h, log.recount_meters(h.shard, h.last_position) AS r)
      (TABLE log.meters EXCEPT ALL TABLE recounted) UNION ALL (TABLE recounted EXCEPT ALL TABLE log.meters)
      """)
    #expect(differences.isEmpty, "meters differ from the log", sourceLocation: location)
  }

  /// Promises 2 and 6: no position is missing or doubled, and the chain holds.
  func expectTheLogHolds(_ location: SourceLocation = #_sourceLocation) async throws {
    let report = try await Verify(pool: log.pool).run()
    #expect(report.faults.isEmpty, sourceLocation: location)
    let counts = try await owner.query(
      "SELECT count(*) AS events, count(DISTINCT (shard, position)) AS positions FROM log.events")
    guard let row = counts.first else { return }
    let events: Int = try row.decode("events")
    #expect(try row.decode("positions", as: Int.self) == events, sourceLocation: location)
  }

  func number(_ query: Query) async throws -> Int {
    try #require(try await owner.query(query).first).decode("n")
  }
}
