import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct StopTests {
  @Test func anEventThatCannotBeAppliedStopsOneShardOfTheProjectionsItBreaksOnly() async throws {
    try await TestLog.with { test in
      try await test.running { pool in
        let sick = try await test.account(tier: .pro)
        let healthy = try await other(than: sick, in: test)
        _ = try await test.log.append([AppendUnit(.sample(sick, count: 9))], shard: test.shard(of: sick))
        try await poison(sick, in: test)
        _ = try await test.log.append([AppendUnit(.sample(sick, count: 5))], shard: test.shard(of: sick))
        _ = try await test.log.append([AppendUnit(.sample(healthy, count: 7))], shard: test.shard(of: healthy))
        let shard = test.shard(of: sick)
        // Those that look at each request.
        let broken = try Projection.all(in: projectionsFolder).filter(\.looksAtRequests).map(\.name)
        try await test.until(pool) {
          $0.filter(\.isStopped).count == broken.count && $0.filter { $0.behind > 0 }.count == broken.count
        }
        let stopped = try await Status.all(pool).filter(\.isStopped)
        #expect(!broken.isEmpty && Set(stopped.map(\.projection)) == Set(broken))
        #expect(
          stopped.allSatisfy { $0.shard == shard && $0.error?.contains(/22023|can't be read as requests/) == true })
        // Everything before the bad one got through.
        #expect(
          try await test.number(
            "SELECT log.series_calls(total) AS n FROM traffic.minutes WHERE shard = \(Int32(shard)) LIMIT 1") == 9)

        try await cure(in: test, shard: shard)
        #expect(try await Status.resume(on: pool, logger: silent) == broken.count)
        try await test.untilProjected(pool)
      }
    }
  }

  @Test func aLogWithAGapStopsEveryProjectionOfThatShardInsteadOfSkippingIt() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      let shard = test.shard(of: source)
      for _ in 0..<3 { _ = try await test.log.append([AppendUnit(.sample(source, count: 4))], shard: shard) }
      try await test.owner.query(
        """
        DELETE FROM log.batches AS b WHERE b.shard = \(Int32(shard))
          AND b.last_position = (SELECT max(c.last_position) - 4 FROM log.batches AS c WHERE c.shard = \(Int32(shard)))
        """)
      try await test.running { pool in
        let all = try Projection.all(in: projectionsFolder).count
        try await test.until(pool) { $0.filter(\.isStopped).count == all }
        let stopped = try await Status.all(pool).filter(\.isStopped)
        #expect(stopped.allSatisfy { $0.shard == shard && $0.position == 0 && $0.error?.contains("not whole") == true })
      }
    }
  }

  private func other(than source: TelemetrySource, in test: TestLog) async throws -> TelemetrySource {
    while true {
      let account = try await test.account(tier: .pro)
      if test.shard(of: account) != test.shard(of: source) { return account }
    }
  }

  /// What no server would send.
  private func poison(_ source: TelemetrySource, in test: TestLog) async throws {
    let unit = #"""
      {"type": "request_tracked", "version": 1, "account_id": "\#(source.accountID)", "project_id": "\#(source.projectID)",
      "key_id": "\#(source.keyID)", "mode": "test", "month": "2026-11", "data": [{"endpoint": "/", "template": "/",
      "method": "GET", "status_code": 200, "response_time_ms": 1, "timestamp": "yesterday"}]}
      """#
    try await test.owner.query(
      "SELECT log.append(\(Int32(test.shard(of: source))), '[{\"given\": 1}]', ARRAY[\(unit)])")
  }

  private func cure(in test: TestLog, shard: Int) async throws {
    try await test.owner.query(
      """
      UPDATE log.batches SET events = replace(events::text, '"yesterday"', '1795516200000')::jsonb
      WHERE shard = \(Int32(shard)) AND events::text LIKE '%yesterday%'
      """)
  }
}

extension Projection {
  /// By itself, or by what the projector keeps for it.
  fileprivate var looksAtRequests: Bool {
    apply.contains { $0.sql.contains("log.read_counted(") } || schema.contains("log.create_series(")
      || schema.contains("log.create_places(")
  }
}
