import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct CutTests {
  /// Promise 7: read models are functions of the log alone. The live ones are cut one way here, the replay another.
  @Test(arguments: 0..<4) func differentCutsGiveTheSameRowsInEveryProjection(seed: Int) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let projections = try Projection.all(in: projectionsFolder)
        _ = try await Installation(pool: pool, projections: projections, logger: silent).run()
        var log = try await RandomLog(test, seed: seed)
        var random = Seeded(seed)
        for _ in 0..<6 {
          try await log.append(20)
          for projection in projections {
            for shard in 0..<TestLog.shards { try await project(projection, shard, pool, &random) }
          }
        }
        try await test.expectReplayIsClean(pool)
        #expect(try await test.number("SELECT count(*) AS n FROM requests.batches") > 0)
        #expect(try await test.number("SELECT count(*) AS n FROM senders.senders WHERE gap_firsts <> '{}'") > 0)
        let billing = try await pool.query(
          """
          SELECT (SELECT count(*) FROM billing.subscriptions) * (SELECT count(*) FROM billing.invoices)
            * (SELECT count(*) FROM billing.customers) * (SELECT count(*) FROM billing.disputes WHERE status IS NOT NULL)
            * (SELECT count(*) FROM billing.tiers WHERE cause IS NOT NULL) AS n
          """)
        #expect(try #require(billing.first).decode("n", as: Int.self) > 0)
        let people = try await pool.query(
          """
          SELECT (SELECT count(*) FROM people.users WHERE verified_at IS NOT NULL)
            * (SELECT count(*) FROM people.sessions WHERE ended_at IS NOT NULL)
            * (SELECT count(*) FROM people.sessions WHERE ended_at IS NULL AND last_used_at > started_at) AS n
          """)
        #expect(try #require(people.first).decode("n", as: Int.self) > 0)
      }
    }
  }

  private func project(_ projection: Projection, _ shard: Int, _ pool: Pool, _ random: inout Seeded) async throws {
    let most = Int64.random(in: 1...400, using: &random)
    let step = Step(ProjectionFollower(projection), shard: shard)
    while case .moved = try await step.run(on: pool, most: most) {}
  }

  /// A quarter of an hour of many batches has several rows, which begin where they would have begun whatever the cuts.
  @Test func aRowOfPlacesThatIsFullIsFollowedByAnother() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let day = Instant.now.toDay
        for round in 0..<120 {
          _ = try await test.log.append(
            [.requests(source, at: (0..<9).map { day + .seconds($0 * 90 + round % 7) })], shard: test.shard(of: source))
          if round % 13 == 5 {
            try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["requests"])
          }
        }
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        let places = try await test.places()
        #expect(places.map(\.most) == Array(repeating: 9, count: 120))
        #expect(places.map(\.batch) == places.map(\.batch).sorted())
        #expect(try await test.number("SELECT count(*) AS n FROM requests.batches") > 1)
        #expect(try await test.number("SELECT max(octet_length(places)) AS n FROM requests.batches") <= 1_500)
        try await test.expectReplayIsClean(pool)
      }
    }
  }
}
