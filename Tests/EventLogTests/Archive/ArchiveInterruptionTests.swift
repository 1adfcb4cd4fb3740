import Foundation
import Logging
import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import EventLog

/// An archiver may end anywhere.
@Suite(.timeLimit(.whatHangs)) struct ArchiveInterruptionTests {
  /// Ends the run at every step there is, one run after the other, and lets the last one through: it must be as if the first had
  /// been.
  @Test func whateverItIsEndedAtTheNextRunCompletesItAndNothingIsLost() async throws {
    try await OldLog.with { old in
      let exported = try await old.export(.batches)
      let stages = Mutex<[ArchiveStage]>([])
      var (interruptions, limit) = (0, 1)
      while true {
        let end = limit
        stages.withLock { $0 = [] }
        do {
          try await old.withArchiver { archiver in
            var archiver = archiver
            archiver.reached = { stage in
              let count = stages.withLock { stages in
                stages.append(stage)
                return stages.count
              }
              if count == end { throw Interrupted() }
            }
            try await archiver.run(before: OldLog.kept)
          }
          break
        } catch is Interrupted {
          interruptions += 1
          // A month that has left does not come again: the next one is ended at every step, too.
          if case .dropped = stages.withLock({ $0.last }) { limit = 1 } else { limit += 1 }
        }
        #expect(
          try await old.export(.batches) == exported, "after it ended at \(stages.withLock { "\($0.last as Any)" })")
        #expect(try await old.verify().faults.isEmpty)
        guard interruptions < 80 else { break }
      }
      #expect(interruptions >= 18, "every kind of step was tried")
      #expect(try await old.monthsHeld().allSatisfy { $0 >= OldLog.kept })
      #expect(try await old.check().faults.isEmpty)
      #expect(try old.files().keys.allSatisfy { !$0.hasSuffix(".partial") }, "no draft is left")
    }
  }

  @Test func aMonthWrittenAgainIsTheSameFiles() async throws {
    try await OldLog.with { old in
      func interrupt() async throws {
        await #expect(throws: Interrupted.self) {
          try await old.withArchiver { archiver in
            var archiver = archiver
            archiver.reached = { if case .verified = $0 { throw Interrupted() } }
            try await archiver.run(before: OldLog.kept)
          }
        }
      }
      try await interrupt()
      let files = try old.files()
      #expect(files.count >= 2)
      // Half a file, as a crash may leave it.
      for name in files.keys { try Data("half".utf8).write(to: old.folder.file(name)) }
      try FileManager.default.removeItem(at: old.folder.manifest("2025-01"))
      try await interrupt()
      #expect(try old.files() == files)
    }
  }

  /// The database's side of a kill: the connection goes in the midst of the last step.
  @Test func aConnectionLostWhileTheMonthLeavesKeepsItOrLetsItGoWhole() async throws {
    try await OldLog.with { old in
      let exported = try await old.export(.batches)
      // Somebody reads: the archiver waits with all its work done but the drop.
      let reader = try await Connection.connect(old.test.database.settings, logger: Logger(label: "reader"))
      try await reader.query("SELECT pg_advisory_lock_shared(hashtext('recount archive'))")
      let archived = Task { try await old.archive() }
      try await old.untilArchiverWaits()
      try await old.test.owner.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%drop_archived_month%' AND pid <> pg_backend_pid()"
      )
      await #expect(throws: (any Error).self) { try await archived.value }
      await reader.close()
      #expect(try await old.monthsHeld().contains("2025-01"))
      #expect(try await old.export(.batches) == exported)
      try await old.archive()
      #expect(try await old.export(.batches) == exported)
    }
  }

  /// Appends go on while the archiver waits for a reader, and the month leaves as soon as that is done.
  @Test func nobodyIsHeldUpWhileAMonthWaitsToLeave() async throws {
    try await OldLog.with { old in
      let reader = try await Connection.connect(old.test.database.settings, logger: Logger(label: "reader"))
      try await reader.query("BEGIN")
      try await reader.query("SELECT count(*) FROM log.batches")
      let archived = Task { try await old.archive() }
      try await old.untilArchiverWaits()
      let source = old.sources[0]
      let started = ContinuousClock.now
      for _ in 0..<20 {
        _ = try await old.test.log.append([AppendUnit(.sample(source))], shard: old.test.shard(of: source))
      }
      #expect(ContinuousClock.now - started < .seconds(10), "appends wait a tenth of a second at most, now and then")
      #expect(try await old.monthsHeld().contains("2025-01"))
      try await reader.query("ROLLBACK")
      try await archived.value
      await reader.close()
      #expect(try await !old.monthsHeld().contains("2025-01"))
      #expect(try await old.verify().faults.isEmpty)
    }
  }
}

extension OldLog {
  /// Returns when the database is at the archiver's last step.
  func untilArchiverWaits() async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline {
      let waiting = try await test.number(
        """
        SELECT count(*) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '%drop_archived_month%' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()
        """)
      if waiting > 0 { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("the archiver did not come to its last step within 30 seconds")
  }
}
