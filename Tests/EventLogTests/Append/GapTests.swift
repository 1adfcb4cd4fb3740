import Domain
import EventLog
import Foundation
import Postgres
import Synchronization
import TestDatabase
import Testing

@Suite struct GapTests {
  /// Promise 2: what a projector relies on. Readers race appenders of several processes, some of which roll back.
  @Test func aReaderThatHasSeenAPositionNeverFindsANewEventAtOrBelowIt() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .pro)
      let shard = test.shard(of: source)
      let done = Flag()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await read(test, shard: shard, until: done) }
        try await withThrowingTaskGroup(of: Void.self) { appenders in
          for worker in 0..<4 {
            let log = try await test.another()
            appenders.addTask {
              for round in 0..<40 {
                _ = try await log.append([AppendUnit(.sample(source, count: 1 + round % 7))], shard: shard)
                if worker == 0 { try await abandon(test, source, shard: shard) }
              }
              await log.close()
            }
          }
          try await appenders.waitForAll()
        }
        done.raise()
        try await group.waitForAll()
      }
      try await test.expectTheLogHolds()
    }
  }

  private func read(_ test: TestLog, shard: Int, until done: Flag) async throws {
    var seen = 0
    repeat {
      let row = try #require(
        try await test.owner.query(
          """
          SELECT count(*) AS n, coalesce(max(e.position), 0)::bigint AS last
          FROM log.heads AS h, log.read(h.shard, 0, h.last_position) AS e WHERE h.shard = \(Int32(shard))
          """
        ).first)
      let last: Int = try row.decode("last")
      #expect(try row.decode("n", as: Int.self) == last, "every position up to the last one seen is there")
      #expect(last >= seen)
      seen = last
    } while !done.isRaised
  }

  /// A transaction that takes positions and gives them back.
  private func abandon(_ test: TestLog, _ source: TelemetrySource, shard: Int) async throws {
    struct Abandoned: Error {}
    do {
      try await test.owner.transaction { connection in
        try await connection.query(
          "SELECT log.append(\(Int32(shard)), '[{\"given\": 1}]', ARRAY['{\"type\": \"x\", \"version\": 1, \"data\": [{}]}'])"
        )
        throw Abandoned()
      }
    } catch is Abandoned {}
  }
}

/// Set by one task, seen by others.
private final class Flag: Sendable {
  private let state = Mutex(false)
  var isRaised: Bool { state.withLock { $0 } }
  func raise() { state.withLock { $0 = true } }
}
