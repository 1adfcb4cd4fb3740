import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// Single events of one key share a unit in the log, and nothing else.
@Suite struct SharedUnitTests {
  @Test func eachOfThemIsDecidedForItselfAndAnsweredInTheCallersOrder() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      let shard = test.shard(of: source)
      let ids = (0..<6).map { _ in UUID() }
      func single(_ index: Int, digest: Int64 = 1) -> AppendUnit {
        AppendUnit(.sample(source, identity: .event(ids[index], digest: digest)))
      }
      _ = try await test.log.append([AppendUnit(.sample(source, count: 996)), single(0)], shard: shard)
      let batch = AppendUnit(.sample(source, count: 2, identity: .batch(UUID(), digest: 1)))
      // A duplicate, a conflict and new ones, with a batch between them; room is left for three.
      let outcomes = try await test.log.append(
        [single(1), single(0), batch, single(2), single(0, digest: 2), single(3)], shard: shard)
      #expect(outcomes.map(\.duplicates) == [0, 1, 0, 0, 0, 0])
      #expect(outcomes.map(\.isConflict) == [false, false, false, false, true, false])
      #expect(outcomes.map(\.accepted).reduce(0, +) == 3)
      #expect(outcomes.map(\.refused).reduce(0, +) == 2)
      for outcome in outcomes where outcome.accepted > 0 { #expect(outcome.position != nil) }

      let rows = try await test.owner.query(
        "SELECT id, position FROM log.events WHERE type = 'request_tracked' AND id = ANY(\(ids)) ORDER BY position")
      let recorded = try rows.map { try $0.decode("id", as: UUID.self) }
      let accepted = [(1, 0), (2, 3), (3, 5)].filter { outcomes[$0.1].accepted == 1 }.map { ids[$0.0] }
      #expect(Set(recorded) == Set(accepted + [ids[0]]), "exactly the accepted ones, under their own ids")
      for (id, outcome) in [(ids[1], outcomes[0]), (ids[2], outcomes[3]), (ids[3], outcomes[5])]
      where outcome.accepted == 1 {
        let row = try #require(rows.first { (try? $0.decode("id", as: UUID.self)) == id })
        #expect(try row.decode("position", as: Int64.self) == outcome.position)
      }
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test(arguments: 0..<6) func anyMixtureOfSinglesAndBatchesCountsExactly(seed: Int) async throws {
    try await TestLog.with { test in
      var random = Seeded(seed)
      let sources = [try await test.account(tier: .free), try await test.account(tier: .free)]
      for _ in 0..<25 {
        var units: [Int: [AppendUnit]] = [:]
        for _ in 0..<Int.random(in: 1...30, using: &random) {
          let source = sources[Int.random(in: 0...1, using: &random)]
          let count = Int.random(in: 0...5, using: &random) == 0 ? Int.random(in: 2...40, using: &random) : 1
          let identity: TelemetryUnit.Identity =
            count == 1 ? .event(UUID(), digest: 1) : .batch(UUID(), digest: Int64(count))
          units[test.shard(of: source), default: []].append(
            AppendUnit(.sample(source, count: count, identity: identity)))
        }
        for (shard, batch) in units {
          let outcomes = try await test.log.append(batch, shard: shard)
          #expect(zip(batch, outcomes).allSatisfy { $0.count == $1.accepted + $1.refused + $1.duplicates })
          let again = try await test.log.append(batch, shard: shard)
          #expect(again.reduce(0) { $0 + $1.accepted } == 0, "a retry of everything adds nothing")
        }
      }
      let events = try await test.number("SELECT count(*) AS n FROM log.events WHERE type = 'request_tracked'")
      let distinct = try await test.number(
        "SELECT count(DISTINCT (project_id, id, ordinal)) AS n FROM log.events WHERE type = 'request_tracked'")
      #expect(events == distinct)
      #expect(try await test.number("SELECT sum(used)::bigint AS n FROM log.meters") == events)
      try await test.expectTheLogHolds()
      try await test.expectMetersMatchTheLog()
    }
  }
}
