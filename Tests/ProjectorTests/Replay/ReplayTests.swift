import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct ReplayTests {
  @Test func aTamperedReadModelIsFoundAndToldInWords() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        _ = try await test.log.append([AppendUnit(.sample(source, count: 12))], shard: test.shard(of: source))
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        try await test.owner.query("UPDATE usage.months SET used = 11")
        try await test.owner.query("DELETE FROM requests.batches")
        try await test.owner.query("UPDATE log.meters SET used = 13")

        let report = try await ReplayCheck(pool: pool, projections: projectionsFolder, logger: silent).run()
        #expect(!report.isClean)
        let bad = Dictionary(uniqueKeysWithValues: report.tables.filter { $0.differing > 0 }.map { ($0.name, $0) })
        #expect(Set(bad.keys) == ["usage.months", "requests.batches", "log.meters"])
        #expect(bad["usage.months"]?.differences.first?.hasSuffix("says used 11, but the log gives 12") == true)
        #expect(bad["log.meters"]?.differences.first?.hasSuffix("says used 13, but the log gives 12") == true)
        #expect(bad["requests.batches"]?.differences.first?.contains("is missing from the table") == true)
        #expect(try await test.number("SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE '%_replay'") == 0)
      }
    }
  }

  @Test func aReplayWhileEventsFlowComparesOneSnapshot() async throws {
    try await TestLog.with { test in
      try await test.running { pool in
        var log = try await RandomLog(test, seed: 3)
        try await log.append(20)
        try await test.untilProjected(pool)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { for _ in 0..<3 { try await test.expectReplayIsClean(pool) } }
          try await log.append(80)
          try await group.waitForAll()
        }
      }
    }
  }

  @Test func whatHasNotBeenBuiltYetIsSaidAndIsNoDifference() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let names = try Projection.all(in: projectionsFolder).map(\.name)
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: [names[0]])
        let report = try await ReplayCheck(pool: pool, projections: projectionsFolder, logger: silent).run()
        #expect(report.notBuilt == Array(names.dropFirst()))
        #expect(report.isClean)
      }
    }
  }
}
