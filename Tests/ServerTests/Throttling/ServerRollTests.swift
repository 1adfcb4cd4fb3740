import Application
import EventLog
import Foundation
import Postgres
import Server
import TestDatabase
import Testing

/// How servers without a Redis know of each other.
@Suite(.timeLimit(.whatHangs)) struct ServerRollTests {
  private func start(_ test: TestLog) -> (count: ServerCount, task: Task<Void, any Error>) {
    let count = ServerCount()
    let roll = ServerRoll(pool: test.log.pool, count: count, pulse: .milliseconds(100), logger: Service.silent)
    return (count, Task { try await roll.run() })
  }

  private func becomes(_ value: Int, _ counts: ServerCount...) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while counts.contains(where: { $0.value != value }) {
      guard ContinuousClock.now < end else {
        Issue.record("counted \(counts.map(\.value)) instead of \(value)")
        return
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  @Test func serversCountEachOtherAndOneThatStopsIsGoneAtOnce() async throws {
    try await TestLog.with(template: Service.template) { test in
      let servers = (0..<3).map { _ in start(test) }
      try await becomes(3, servers[0].count, servers[1].count, servers[2].count)
      servers[2].task.cancel()
      try await servers[2].task.value
      #expect(try await rows(test) == 2)
      try await becomes(2, servers[0].count, servers[1].count)
      for server in servers.prefix(2) {
        server.task.cancel()
        try await server.task.value
      }
      #expect(try await rows(test) == 0)
    }
  }

  @Test func oneThatWasKilledCountsNoMoreAfterThreeMissedSigns() async throws {
    try await TestLog.with(template: Service.template) { test in
      // What a server that was killed leaves behind.
      try await test.owner.query(
        """
        INSERT INTO operations.servers VALUES (gen_random_uuid(), clock_timestamp()),
          (gen_random_uuid(), clock_timestamp() - interval '1 hour')
        """)
      let (count, task) = start(test)
      try await becomes(2, count)
      try await becomes(1, count)
      let end = ContinuousClock.now + .seconds(120)
      while try await rows(test) > 1, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
      #expect(try await rows(test) == 1)
      task.cancel()
      try await task.value
    }
  }

  private func rows(_ test: TestLog) async throws -> Int {
    try await test.owner.query("SELECT count(*) AS n FROM operations.servers").first?.decode("n") ?? 0
  }
}
