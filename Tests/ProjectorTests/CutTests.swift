import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.minutes(15))) struct CutTests {
  /// Promise 7: read models are functions of the log alone. The live ones are cut one way here, the replay another.
  @Test(arguments: 0..<4) func differentCutsGiveTheSameRowsInEveryProjection(seed: Int) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let projections = try Projection.all(in: projectionsFolder)
        #expect(projections.map(\.name) == ["directory", "people", "requests", "security", "traffic", "usage"])
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
        let tables = try await pool.query(
          "SELECT count(*) AS n FROM requests.latest WHERE id IS NOT NULL AND ordinal > 0")
        #expect(try #require(tables.first).decode("n", as: Int.self) > 0)
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
    while case .moved = try await Step(projection, shard: shard).run(on: pool, most: most) {}
  }

  /// Of more than 1,000 of a kind the latest stay, wherever the cuts lie, and of equal timestamps those with the later positions.
  @Test func theWindowOfRequestsKeepsTheLatestOfEachClass() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let now = Int64(Date().timeIntervalSince1970 * 1000) / 86_400_000 * 86_400_000
        for round in 0..<8 {
          let times = (0..<400).map { now + Int64(($0 * 7 + round) % 1_300) }
          _ = try await test.log.append([.requests(source, at: times)], shard: test.shard(of: source))
          if round % 3 == 1 {
            try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["requests"])
          }
        }
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        let wrong = try await test.number(
          """
          WITH ranked AS (
            SELECT position, row_number() OVER (ORDER BY (data ->> 'timestamp')::bigint DESC, position DESC) AS rank
            FROM log.events WHERE type = 'request_tracked'
          )
          SELECT count(*) AS n
          FROM (SELECT position FROM ranked WHERE rank <= 1000) AS r FULL JOIN requests.latest AS l USING (position)
          WHERE l.at IS NULL OR r.position IS NULL
          """)
        #expect(wrong == 0)
        #expect(try await test.number("SELECT count(*) AS n FROM requests.latest") == 1_000)
        try await test.expectReplayIsClean(pool)
      }
    }
  }
}
