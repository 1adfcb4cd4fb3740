import Domain
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// What whoever follows the log can rely on.
@Suite(.timeLimit(.whatHangs)) struct FollowersTests {
  @Test func oneThatFailsForEverRestsWithTheReasonShownWhileTheOthersGoOn() async throws {
    try await TestLog.with { test in
      while try await test.number("SELECT count(*) AS n FROM log.heads WHERE last_position = 0") > 0 {
        _ = try await test.account()
      }
      try await Scribe.install(in: test)
      try await following(test, Scribe(name: "scribe", patience: nil, sickShard: 0)) {
        try await test.until("SELECT FROM progress WHERE error LIKE '%unwell%' AND status = 'running' AND position = 0")
        try await test.until("SELECT FROM progress WHERE error IS NULL AND position > 0")
      }
      // Mended, it goes on where it was.
      try await following(test, Scribe(name: "scribe", patience: nil, sickShard: nil)) {
        try await test.until("SELECT FROM progress HAVING bool_and(error IS NULL AND position > 0)")
      }
      try await Scribe.expectEachCutOnce(in: test)
    }
  }

  @Test func oneWhosePatienceEndsIsStoppedUntilSomebodyLetsItGoOn() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      try await Scribe.install(in: test)
      let shard = test.shard(of: source)
      try await following(test, Scribe(name: "scribe", patience: 2, sickShard: shard)) {
        try await test.until("SELECT FROM progress WHERE status = 'stopped' AND error LIKE '%unwell%' AND position = 0")
      }
      let healthy = Scribe(name: "scribe", patience: 2, sickShard: nil)
      guard case .stopped(let reason) = try await Step(healthy, shard: shard).run(on: test.owner) else {
        Issue.record("it was moved")
        return
      }
      #expect(reason.contains("unwell"))
      try await test.owner.query("UPDATE progress SET status = 'running'")
      try await following(test, healthy) {
        try await test.until(
          "SELECT FROM progress AS p JOIN log.heads AS h USING (shard) WHERE p.position = h.last_position AND p.position > 0"
        )
      }
      try await Scribe.expectEachCutOnce(in: test)
    }
  }

  /// The link says which prefix of the log a follower has seen.
  @Test func progressHasTheLinkOfTheChainThere() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      try await Scribe.install(in: test)
      for _ in 0..<3 { _ = try await test.log.append([AppendUnit(.sample(source))], shard: test.shard(of: source)) }
      let scribe = Scribe(name: "scribe", patience: nil, sickShard: nil)
      try await scribe.begin(on: test.owner)
      while case .moved = try await Step(scribe, shard: test.shard(of: source)).run(on: test.owner, most: 1) {}
      let same = try await test.owner.query(
        "SELECT FROM progress AS p JOIN log.heads AS h ON (h.shard, h.last_position, h.last_hash) = (p.shard, p.position, p.hash) WHERE p.position > 0"
      )
      #expect(same.count == 1)
      try await Scribe.expectEachCutOnce(in: test)
    }
  }

  private func following(_ test: TestLog, _ scribe: Scribe, _ body: @Sendable () async throws -> Void) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let listening = ListeningConnection(test.database.settings, logger: logger)
    let followers = Followers([scribe], pool: test.owner, listening: listening, workers: 2, logger: logger)
    try await withThrowingTaskGroup { group in
      group.addTask { await listening.run() }
      group.addTask { await followers.run() }
      try await body()
      group.cancelAll()
    }
  }
}

/// Writes down which cuts it was given; fails on one shard.
private struct Scribe: Follower {
  let name: String
  let patience: Int?
  let sickShard: Int?
  let progress = ProgressTable(schema: "public", table: "progress", follower: "who")

  func begin(on pool: Pool) async throws {
    try await progress.begin(name, at: Instant.epoch, on: pool)
  }

  nonisolated(nonsending) func cut(after lease: Lease, most: Int64, on connection: Connection) async throws -> Cut? {
    try await Cut.next(after: lease.position, of: lease.shard, most: most, connection)
  }

  nonisolated(nonsending) func follow(_ cut: Cut, from lease: Lease, on connection: Connection) async throws {
    try await connection.query(
      "INSERT INTO public.cuts (shard, after, upto) VALUES (\(Int32(cut.shard)), \(cut.after), \(cut.upto))")
    if cut.shard == sickShard { throw Unwell() }
  }

  private struct Unwell: Error, CustomStringConvertible {
    let description = "unwell"
  }

  static func install(in test: TestLog) async throws {
    try await test.owner.query(
      """
      CREATE TABLE public.progress (
        who text, shard integer, position bigint NOT NULL, hash bytea, recorded_at timestamptz,
        applied_at timestamptz DEFAULT now(), status text NOT NULL DEFAULT 'running', error text, PRIMARY KEY (who, shard))
      """)
    try await test.owner.query("CREATE TABLE public.cuts (shard integer, after bigint, upto bigint)")
  }

  /// Laid end to end, the cuts are the log: nothing is missing, nothing came twice.
  static func expectEachCutOnce(in test: TestLog) async throws {
    let seams = try await test.number(
      """
      SELECT count(*) AS n FROM (
        SELECT after, lag(upto, 1, 0::bigint) OVER (PARTITION BY shard ORDER BY after, upto) AS before FROM public.cuts
      ) AS c WHERE after <> before
      """)
    #expect(seams == 0)
    #expect(try await test.number("SELECT count(*) AS n FROM public.cuts") > 0)
  }
}

extension TestLog {
  fileprivate func until(_ query: Query) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while try await owner.query(query).isEmpty {
      guard ContinuousClock.now < end else {
        Issue.record("not within half a minute: \(query.sql)")
        return
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
