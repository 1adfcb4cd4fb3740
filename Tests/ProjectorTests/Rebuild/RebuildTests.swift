import Domain
import EventLog
import Foundation
import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct RebuildTests {
  @Test func aRebuildEqualsTheLiveModelWhileAppendsGoOn() async throws {
    try await TestLog.with { test in
      try await test.running { pool in
        var log = try await RandomLog(test, seed: 7)
        try await log.append(60)
        try await test.untilProjected(pool)
        let traffic = try Projection(folder: projectionsFolder.appending(path: "traffic"))
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await Rebuild(pool: pool, projection: traffic, logger: silent).run(shardsAtOnce: 2) }
          try await log.append(60)
          try await group.waitForAll()
        }
        try await test.untilProjected(pool)
        try await test.expectReplayIsClean(pool)
        let leftovers = try await test.number(
          "SELECT count(*) AS n FROM pg_namespace WHERE nspname ~ '_(next|old|replay)$'")
        #expect(leftovers == 0)
      }
    }
  }

  /// Of a model that no projector has built yet, too.
  @Test func aRebuildTellsHowFarItIsOfAllShardsFromTheFirstOn() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        var log = try await RandomLog(test, seed: 3)
        try await log.append(30)
        let total = Int64(try await test.number("SELECT sum(last_position)::bigint AS n FROM log.heads"))
        let told = Mutex<[Rebuild.Progress]>([])
        let traffic = try Projection(folder: projectionsFolder.appending(path: "traffic"))
        try await Rebuild(pool: pool, projection: traffic, logger: silent).run(shardsAtOnce: 2) { now in
          told.withLock { $0.append(now) }
        }
        let progress = told.withLock { $0 }
        #expect(progress.count >= TestLog.shards)
        #expect(progress.allSatisfy { $0.total == total })
        #expect(progress.map(\.applied) == progress.map(\.applied).sorted())
        #expect(progress.last?.applied == total)
      }
    }
  }

  /// A dashboard polls through the swap: it never sees fewer events than before.
  @Test func readersNeverSeeARebuildHalfBuilt() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        for _ in 0..<20 {
          _ = try await test.log.append([AppendUnit(.sample(source, count: 100))], shard: test.shard(of: source))
        }
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        let usage = try Projection(folder: projectionsFolder.appending(path: "usage"))
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            while !Task.isCancelled {
              let used = try await test.number("SELECT coalesce(sum(used), 0)::bigint AS n FROM usage.months")
              #expect(used == 2_000)
            }
          }
          for _ in 0..<5 { try await Rebuild(pool: pool, projection: usage, logger: silent).run() }
          group.cancelAll()
        }
      }
    }
  }

  @Test func aChangedProjectionIsRebuiltByItsDefinitionAndAnOldProgramLeavesItAlone() async throws {
    try await TestLog.with { test in
      let schema = "CREATE TABLE counts (shard integer PRIMARY KEY, events bigint NOT NULL)"
      @Sendable func apply(_ factor: Int) -> String {
        """
        INSERT INTO counts AS c SELECT $1, \(factor) * sum(u.event_count) FROM log.read_units($1, $2, $3) AS u
        ON CONFLICT (shard) DO UPDATE SET events = c.events + excluded.events
        """
      }
      let folder = try TemporaryProjection(name: "counts", schema: schema, apply: apply(1))
      let source = try await test.account(tier: .pro)
      _ = try await test.log.append([AppendUnit(.sample(source, count: 5))], shard: test.shard(of: source))
      try await test.projecting { pool in
        let catchUp = CatchUp(pool: pool, projections: folder.url, logger: silent)
        try await catchUp.run()
        let old = try Projection(folder: folder.url.appending(path: "counts"))
        let total = try await test.number("SELECT sum(events)::bigint AS n FROM counts.counts")

        try folder.write(name: "counts", schema: schema, apply: apply(10))
        try await catchUp.run()
        #expect(try await test.number("SELECT sum(events)::bigint AS n FROM counts.counts") == 10 * total)

        _ = try await test.log.append([AppendUnit(.sample(source, count: 5))], shard: test.shard(of: source))
        guard
          case .declined = try await Step(ProjectionFollower(old), shard: test.shard(of: source)).run(
            on: pool, most: 100)
        else {
          Issue.record("an old apply.sql ran over new tables")
          return
        }
      }
    }
  }
}
