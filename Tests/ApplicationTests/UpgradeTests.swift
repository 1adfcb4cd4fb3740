import Domain
import EventLog
import Foundation
import Postgres
import Projector
import Synchronization
import TestDatabase
import Testing

@testable import Application

/// While one release takes the place of another, each one's servers answer from read models of their own: no customer meets a gap.
@Suite(.timeLimit(.whatHangs)) struct UpgradeTests {
  @Test func eachReleasesServersAnswerWhileOneTakesTheOthersPlace() async throws {
    try await Recounted.with { recounted in
      let trial = try await Trial(recounted)
      try await trial.hear(1)
      try await trial.catchUpOfTheReleaseBefore()
      await #expect(throws: (any Error).self, "before it is built beside there is nothing that it can read") {
        try await trial.sent()
      }
      #expect(try await trial.sentAsTheReleaseBeforeReadsIt() == 1)

      try await trial.projecting { pool, new in
        try await Rebuild(pool: pool, projection: new, logger: Recounted.silent).buildBeside()
        try await trial.hear(2)
        try await trial.catchUpOfTheReleaseBefore()
        #expect(try await trial.sentAsTheReleaseBeforeReadsIt() == 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            try await Rebuild(pool: pool, projection: new, logger: Recounted.silent).followBeside()
          }
          try await trial.untilSent(2)
          #expect(try await trial.sentAsTheReleaseBeforeReadsIt() == 2)
          // Somebody asks on and on while it is swapped.
          let hasSwapped = Mutex(false)
          let asked = Mutex(0)
          group.addTask {
            while !hasSwapped.withLock({ $0 }) || asked.withLock({ $0 < 200 }) {
              let sent = try await trial.sent()
              #expect(sent == 2)
              asked.withLock { $0 += 1 }
            }
          }
          while asked.withLock({ $0 < 20 }) { try await Task.sleep(for: .milliseconds(5)) }
          try await Rebuild(pool: pool, projection: new, logger: Recounted.silent).run()
          hasSwapped.withLock { $0 = true }
          try await group.waitForAll()
        }
      }
      #expect(recounted.questions.places.elsewhere.isEmpty)
      try await trial.hear(3)
      try await recounted.catchUp(only: ["senders"])
      #expect(try await trial.sent() == 3)
    }
  }

  /// What has been given up half built is not read, however much it looks like ours.
  @Test func whatIsBesideTheLiveOneAndBehindTheLogIsNotRead() async throws {
    try await Recounted.with { recounted in
      let trial = try await Trial(recounted)
      try await trial.hear(1)
      try await trial.catchUpOfTheReleaseBefore()
      try await trial.projecting { pool, new in
        try await Rebuild(pool: pool, projection: new, logger: Recounted.silent).buildBeside()
        #expect(try await trial.sent() == 1)
        try await trial.hear(2)
        try await recounted.test.owner.query(
          """
          UPDATE projector.progress SET recorded_at = recorded_at - INTERVAL '1 minute'
          WHERE projection = 'senders_next'
          """)
        let later = try Questions(log: recounted.test.log, queries: Recounted.queries)
        await #expect(throws: (any Error).self) { try await trial.sent(later) }
      }
    }
  }
}

/// A log whose read model of senders is of a release that names a column otherwise.
private struct Trial: Sendable {
  let recounted: Recounted
  let source: TelemetrySource
  let sender = UUID()
  /// The folder of the release before.
  let before: OtherProjection

  init(_ recounted: Recounted) async throws {
    self.recounted = recounted
    source = try await recounted.test.account(tier: .pro)
    before = try OtherProjection(of: Recounted.projections.appending(path: "senders")) {
      $0.replacing(/\bhere\b/.wordBoundaryKind(.simple), with: "arrived")
    }
  }

  func hear(_ sequence: Int64) async throws {
    let shard = recounted.test.shard(of: source)
    _ = try await recounted.test.log.append([.heard(sender, sequence, source)], shard: shard)
  }

  func catchUpOfTheReleaseBefore() async throws {
    try await projecting { pool, _ in
      try await CatchUp(pool: pool, projections: before.url, logger: Recounted.silent).run()
    }
  }

  func projecting(_ body: (Pool, Projection) async throws -> Void) async throws {
    var settings = recounted.test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 4, logger: Recounted.silent)
    do {
      try await body(pool, try Projection(folder: Recounted.projections.appending(path: "senders")))
      await pool.close()
    } catch {
      await pool.close()
      throw error
    }
  }

  /// As a server of this release answers.
  func sent(_ questions: Questions? = nil) async throws -> Int64? {
    try await (questions ?? recounted.questions).senders(
      ofProject: source.projectID, in: source.accountID, mode: .live, limit: 10
    ).value.entries.first?.here
  }

  func untilSent(_ count: Int64) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try await sent() != count, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try await sent() == count)
  }

  func sentAsTheReleaseBeforeReadsIt() async throws -> Int {
    try #require(
      try await recounted.test.owner.query("SELECT sum(arrived)::bigint AS n FROM senders.senders").first
    ).decode("n")
  }
}

/// A copy of a projection's folder with other texts, removed at the end.
private final class OtherProjection: Sendable {
  let url: URL

  init(of folder: URL, _ change: (String) -> String) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "projections-\(UUID())")
    let copy = url.appending(path: folder.lastPathComponent)
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    for file in ["schema.sql", "apply.sql"] {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      try Data(change(text).utf8).write(to: copy.appending(path: file))
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
