import Domain
import EventLog
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

/// A server that is killed with SIGKILL in the middle of appends, with fsync on as in production.
@Suite struct CrashTests {
  @Test func whatWasAcknowledgedBeforeACrashIsThereAfterItAndOnlyOnce() async throws {
    let cluster = try await Cluster.start(settings: ["fsync": "on"])
    do {
      try await TestLog.with(in: cluster) { test in
        let source = try await test.account(tier: .pro)
        let shard = test.shard(of: source)
        let gatherer = Gatherer(
          for: test.log, shard: shard, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<8 {
            group.addTask {
              let sender = UUID()
              for call in 1...60 as ClosedRange<Int64> {
                try await send(source, .heard(sender, call, source), through: gatherer)
              }
            }
          }
          for _ in 0..<3 {
            group.addTask {
              _ = try await gatherer.submit([AppendUnit(.sample(source, identity: .event(UUID(), digest: 0)))])
            }
            try await group.next()
            try await cluster.kill9()
            try await cluster.restart()
          }
          try await group.waitForAll()
        }
        let events = try await test.number(
          "SELECT count(DISTINCT id) AS n FROM log.events WHERE type = 'request_tracked'")
        let heard = try await test.number("SELECT count(*) AS n FROM log.events WHERE type = 'sender_heard'")
        #expect(heard == 480, "and each call of each sender once")
        let used = try await test.number("SELECT used AS n FROM log.meters")
        #expect(events >= 480, "every acknowledged event is there")
        #expect(used == events, "and was counted once")
        try await test.expectTheLogHolds()
        try await test.expectMetersMatchTheLog()
      }
    } catch {
      try await cluster.discard()
      throw error
    }
    try await cluster.discard()
  }

  /// As the SDK does: the same id until it is acknowledged.
  private func send(_ source: TelemetrySource, _ heard: AppendUnit, through gatherer: Gatherer) async throws {
    let unit = AppendUnit(.sample(source, identity: .event(UUID(), digest: 1)))
    let patience = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < patience {
      do {
        let outcome = try await gatherer.submit([unit, heard])[0]
        #expect(outcome.accepted + outcome.duplicates == 1)
        return
      } catch GatherError.unavailable {
        // The server that comes back tells nobody: a client can only try again.
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    Issue.record("the database did not come back")
  }
}
