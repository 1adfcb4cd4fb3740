import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct RunnerTests {
  @Test func severalRunnersAtOnceApplyEachEventOnce() async throws {
    try await TestLog.with { test in
      try await test.running(3) { pool in
        var log = try await RandomLog(test, seed: 1)
        for _ in 0..<4 { try await log.append(30) }
        try await test.untilProjected(pool)
        let difference = try await test.number(
          """
          SELECT (SELECT count(*) FROM log.events WHERE type = 'request_tracked')
            - (SELECT coalesce(sum((c ->> 'events')::bigint), 0)
              FROM log.events AS e, jsonb_array_elements(e.data -> 'counts') AS c WHERE e.type = 'telemetry_voided')
            - (SELECT sum(log.series_calls(total)) FROM traffic.days)::bigint AS n
          """)
        #expect(difference == 0)
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  /// The database goes away with SIGKILL while events flow; the runner finds it again by itself.
  @Test func aRunnerOutlivesADatabaseThatIsKilledAndLosesNothing() async throws {
    let cluster = try await Cluster.start(settings: ["fsync": "on"])
    do {
      try await TestLog.with(in: cluster) { test in
        try await test.running { pool in
          let source = try await test.account(tier: .pro)
          for _ in 0..<2 {
            _ = try await test.log.append([AppendUnit(.sample(source, count: 700))], shard: test.shard(of: source))
            try await cluster.kill9()
            try await cluster.restart()
          }
          _ = try await test.log.append([AppendUnit(.sample(source, count: 1))], shard: test.shard(of: source))
          try await test.untilProjected(pool)
          #expect(try await test.number("SELECT used AS n FROM usage.months") == 1_401)
          try await test.expectReplayIsClean(pool)
        }
      }
    } catch {
      try await cluster.discard()
      throw error
    }
    try await cluster.discard()
  }

  @Test func aConnectionLostBetweenApplyAndCommitLosesAndDoublesNothing() async throws {
    try await TestLog.with { test in
      // The projector's role may not end connections: the first and every fifth cut after it ends its own with the owner's rights.
      try await test.owner.query("CREATE SEQUENCE cuts")
      try await test.owner.query(
        """
        CREATE FUNCTION public.crash_sometimes() RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
          SELECT CASE WHEN nextval('public.cuts') % 5 = 1 THEN pg_terminate_backend(pg_backend_pid(), 5000) END
        $$
        """)
      let folder = try TemporaryProjection(
        name: "counts", schema: "CREATE TABLE counts (shard integer PRIMARY KEY, events bigint NOT NULL)",
        apply: """
          INSERT INTO counts AS c SELECT $1, sum(u.event_count) FROM log.read_units($1, $2, $3) AS u
          ON CONFLICT (shard) DO UPDATE SET events = c.events + excluded.events;
          SELECT public.crash_sometimes()
          """)
      try await test.running(folder: folder.url) { pool in
        let source = try await test.account(tier: .pro)
        for _ in 0..<20 {
          _ = try await test.log.append([AppendUnit(.sample(source, count: 3))], shard: test.shard(of: source))
        }
        try await test.until(pool) { $0.allSatisfy { $0.behind == 0 } }
        let counted = try await test.number("SELECT sum(events)::bigint AS n FROM counts.counts")
        #expect(counted == (try await test.number("SELECT sum(last_position)::bigint AS n FROM log.heads")))
        #expect(try await test.number("SELECT last_value AS n FROM cuts") > 1, "the first cut was tried again")
      }
    }
  }

  @Test func aStepIsSkippedWhileSomebodyElseHoldsItsLease() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let usage = try Projection(folder: projectionsFolder.appending(path: "usage"))
        _ = try await Installation(pool: pool, projections: [usage], logger: silent).run()
        let source = try await test.account()
        let step = Step(ProjectionFollower(usage), shard: test.shard(of: source))
        try await pool.transaction { connection in
          try await connection.query("SELECT FROM projector.progress FOR UPDATE")
          guard case .unavailable = try await step.run(on: pool, most: 10) else {
            Issue.record("the lease was not respected")
            return
          }
        }
        guard case .moved = try await step.run(on: pool, most: 10) else {
          Issue.record("the lease was not given back")
          return
        }
      }
    }
  }
}
