import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

/// `recount replay --as-of`: read models as they were.
@Suite(.timeLimit(.whatHangs)) struct TimeTravelTests {
  private func travel(_ pool: Pool) -> TimeTravel {
    TimeTravel(pool: pool, projections: projectionsFolder, logger: silent)
  }

  /// Every column of every table of a schema, for comparison.
  private func rows(of schema: String, _ test: TestLog) async throws -> [String: String] {
    var all: [String: String] = [:]
    for table in try await test.owner.query("SELECT name FROM projector.tables(\(schema))") {
      let name: String = try table.decode("name")
      let text = try await test.owner.query(
        """
        SELECT coalesce(string_agg(t::text, ' ' ORDER BY t::text COLLATE "C"), '') AS rows
        FROM \(identifier: schema).\(identifier: name) AS t
        """)
      all[name] = try text.first?.decode("rows")
    }
    return all
  }

  @Test func whatIsBuiltIsWhatWasShownThen() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let catchUp = CatchUp(pool: pool, projections: projectionsFolder, logger: silent)
        var log = try await RandomLog(test, seed: 11)
        try await log.append(30)
        try await catchUp.run()
        var shown: [String: [String: String]] = [:]
        for projection in try Projection.all(in: projectionsFolder) {
          shown[projection.name] = try await rows(of: projection.name, test)
        }
        let heads = try await pool.query("SELECT shard, last_position FROM log.heads")
        let positions = Dictionary(
          uniqueKeysWithValues: try heads.map {
            (try $0.decode("shard", as: Int.self), try $0.decode("last_position", as: Int64.self))
          })
        let time = try #require(
          try await test.owner.query("SELECT clock_timestamp() AS t").first
        ).decode("t", as: Instant.self)
        var still = Set(shown.keys)
        for _ in 0..<10 where !still.isEmpty {
          try await log.append(30)
          try await catchUp.run()
          for name in still where try await rows(of: name, test) != shown[name] { still.remove(name) }
        }
        #expect(still.isEmpty, "these have not moved on since")

        let then = try await travel(pool).run(to: .time(time), name: "then")
        #expect(then.moment.shards.map(\.position) == positions.sorted { $0.key < $1.key }.map(\.value))
        let there = try await travel(pool).run(to: .positions(positions), name: "there")
        #expect(there.moment == then.moment)
        for (name, expected) in shown {
          #expect(try await rows(of: "\(name)_then", test) == expected, "\(name)")
          #expect(try await rows(of: "\(name)_there", test) == expected, "\(name)")
        }
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func oneProjectionIsBuiltListedReadByAnAuditorAndDropped() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let shard = test.shard(of: source)
        for _ in 0..<3 {
          _ = try await test.log.append([AppendUnit(.sample(source, count: 10))], shard: shard)
        }
        // In the middle of the second batch of ten, after the account's own two events: it is not taken.
        let report = try await travel(pool).run(to: .positions([shard: 15]), only: ["usage"])
        #expect(report.schemas == ["usage_at_s\(shard)p15"])
        let prefix = try #require(report.moment.shards.first { $0.shard == shard })
        #expect(prefix.position == 12)
        #expect(prefix.uncut == Moment.Uncut(asked: 15, batch: 13...22))
        #expect(report.moment.shards.allSatisfy { $0.shard == shard || $0.uncut == nil })
        let used = try await test.owner.transaction { connection in
          try await connection.query("SET LOCAL ROLE recount_auditor")
          return try await connection.query(
            "SELECT used FROM \(identifier: report.schemas[0]).months"
          ).map { try $0.decode("used", as: Int.self) }
        }
        #expect(used == [10])
        let listed = try #require(try await Snapshot.all(test.log.pool).first)
        #expect(listed.schema == report.schemas[0])
        #expect(listed.isComplete)
        #expect(listed.positions[shard] == 12)
        // The same again finds it there; another moment under its name does not pass for it.
        _ = try await travel(pool).run(to: .positions([shard: 15]), only: ["usage"])
        await #expect(throws: TimeTravelError.taken(schema: report.schemas[0])) {
          try await travel(pool).run(to: .positions([shard: 22]), only: ["usage"], name: "at_s\(shard)p15")
        }
        #expect(try await Snapshot.drop("at_s\(shard)p15", on: pool) == report.schemas)
        #expect(try await Snapshot.all(pool).isEmpty)
        #expect(
          try await test.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE 'usage!_at%' ESCAPE '!'")
            == 0)
      }
    }
  }

  @Test func aMomentThatTheLogDoesNotHaveIsRefused() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        await #expect(throws: MomentError.unknownShard(7, count: TestLog.shards)) {
          try await travel(pool).run(to: .positions([7: 1]))
        }
        await #expect(throws: MomentError.beyondTheEnd(shard: 0, position: 1, end: 0)) {
          try await travel(pool).run(to: .positions([0: 1]))
        }
        await #expect(throws: ProjectionError.self) { try await travel(pool).run(to: .time(.now), only: ["nope"]) }
        await #expect(throws: TimeTravelError.unknown("nope")) { try await Snapshot.drop("nope", on: pool) }
        await #expect(throws: TimeTravelError.self) { try await travel(pool).run(to: .time(.now), name: "Then") }
        // Before anything was recorded: empty tables, not an error.
        let report = try await travel(pool).run(to: .time(Instant.epoch))
        #expect(report.moment.events == 0)
        #expect(report.schemas.contains("usage_at_19700101t000000z"))
      }
    }
  }
}
