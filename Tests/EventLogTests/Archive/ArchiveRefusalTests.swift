import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// What must keep a month in the database does.
@Suite(.timeLimit(.whatHangs)) struct ArchiveRefusalTests {
  @Test(arguments: ["recount_server", "recount_projector", "recount_auditor"])
  func noRoleButTheArchiverMayDropAMonth(role: String) async throws {
    try await OldLog.with { old in
      let pool = old.pool(as: role)
      let error = await #expect(throws: PostgresError.self) {
        try await pool.query("SELECT log.drop_archived_month('2025-01-01', '[]')")
      }
      #expect(error?.sqlState == "42501")
      await pool.close()
    }
  }

  @Test(arguments: [
    "UPDATE log.batches SET events = '[]'", "DELETE FROM log.batches", "DROP TABLE log.batches_2025_01",
    "TRUNCATE log.batches_2025_01", "DELETE FROM log.archived_months", "UPDATE log.archives SET sha256 = hash_before",
    "DELETE FROM log.archived_streams", "INSERT INTO log.archive_frames VALUES (0, 1, 1, now(), 0, 1, '', now())",
    "SELECT log.append(0, '[]', '{}')", "SELECT log.forget_ids(now()::date, 35)",
  ]) func theArchiverItselfMayDoNothingElse(statement: String) async throws {
    try await OldLog.with { old in
      let pool = old.pool(as: "recount_archiver")
      let error = await #expect(throws: PostgresError.self) { try await pool.query(Query(statement)) }
      #expect(error?.sqlState == "42501", "\(error?.message ?? "")")
      await pool.close()
    }
  }

  /// Each a manifest that is not the month's, and what the database says to it.
  @Test(arguments: [
    ("no files", "the archive does not"), ("a file less", "the archive does not"),
    ("an event less", "the database holds"),
    ("another end", "another than in the archive"), ("another time", "the times"),
    ("another beginning", "does not hang on"), ("a hole", "does not begin where"), ("a shorter file", "do not add up"),
  ]) func theDatabaseDropsNothingOnAManifestThatIsNotItsOwn(change: String, complaint: String) async throws {
    try await OldLog.with { old in
      // Whole files first, so that there is a true manifest to alter.
      await #expect(throws: Interrupted.self) {
        try await old.withArchiver { archiver in
          var archiver = archiver
          archiver.reached = { if case .verified = $0 { throw Interrupted() } }
          try await archiver.run(before: OldLog.kept)
        }
      }
      var files = try Manifest(reading: old.folder.manifest("2025-01"), month: "2025-01").files
      let last = files.count - 1
      switch change {
      case "no files": files = []
      case "a file less": files.removeFirst()
      case "an event less": files[last].lastPosition -= 1
      case "another end": files[last].frames[0].lastHash = files[last].hashBefore
      case "another time": files[last].recordedToUs += 1
      case "another beginning": files[last].hashBefore = files[last].lastHash
      case "a hole": files[last].frames[0].firstPosition += 1
      default: files[last].bytes += 1
      }
      let manifest = Manifest(month: "2025-01", logCreatedAtUs: 0, files: files)
      let pool = old.pool(as: "recount_archiver")
      let error = await #expect(throws: PostgresError.self) {
        try await pool.query("SELECT log.drop_archived_month('2025-01-01', \(JSONB(try manifest.encodedFiles())))")
      }
      await pool.close()
      #expect(error?.sqlState == "RC420")
      #expect(error?.message.contains(complaint) == true, "\(change): \(error?.message ?? "")")
      #expect(try await old.monthsHeld().contains("2025-01"))
    }
  }

  @Test func aMonthThatWasTamperedWithIsNotArchivedAsIfItWereTrue() async throws {
    try await OldLog.with { old in
      try await old.test.owner.query(
        """
        UPDATE log.batches_2025_01 SET events = jsonb_set(events, '{0,data,0,status_code}', '500')
        WHERE events #> '{0,data,0,status_code}' IS NOT NULL AND first_position > 5
        """)
      let error = await #expect(throws: ArchiveError.self) { try await old.archive() }
      #expect(error?.description.contains("does not match its hash") == true, "\(error?.description ?? "")")
      #expect(try await old.monthsHeld().contains("2025-01"))
    }
  }

  @Test func twoArchiversDoNotMeet() async throws {
    try await OldLog.with { old in
      let busy = ErrorBox()
      try await old.withArchiver { archiver in
        var archiver = archiver
        let second = old.pool(as: "recount_archiver")
        let gate = Gate()
        archiver.reached = { if case .verified = $0 { gate.open() } }
        async let first: Void = archiver.run(before: OldLog.kept)
        await gate.wait()
        do { try await Archiver(pool: second, folder: old.folder).run(before: OldLog.kept) } catch { busy.keep(error) }
        try await first
        await second.close()
      }
      // The second came while the first was at it, or found nothing left to do.
      if let error = busy.error { #expect(error as? ArchiveError == .busy) }
      #expect(try await old.verify().faults.isEmpty)
      #expect(try await old.check().faults.isEmpty)
    }
  }

  @Test func anArchiveOfAnotherLogIsNotWrittenOver() async throws {
    try await OldLog.with { one in
      try await one.archive()
      let files = try one.files()
      try await OldLog.with { other in
        // Copied from one template, the two were created at the same moment.
        try await other.test.owner.query("UPDATE log.settings SET created_at = created_at + interval '1 second'")
        let pool = other.pool(as: "recount_archiver")
        let error = await #expect(throws: ArchiveError.self) {
          try await Archiver(pool: pool, folder: one.folder).run(before: OldLog.kept)
        }
        await pool.close()
        #expect(error?.description.contains("of another log") == true)
      }
      #expect(try one.files() == files)
    }
  }

  /// A device that is full answers as a full disk does.
  @Test func aFullDiskDropsNothingAndSaysSo() async throws {
    try await OldLog.with { old in
      let folder = old.folder.url.appending(path: "2025-01")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for shard in 0..<TestLog.shards {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: ".shard-\(shard).jsonl.lz4.partial").path, withDestinationPath: "/dev/full")
      }
      let error = await #expect(throws: ArchiveError.self) { try await old.archive() }
      #expect(error?.description.contains("No space left") == true, "\(error?.description ?? "")")
      #expect(try await old.monthsHeld().contains("2025-01"))
      #expect(try await old.verify().faults.isEmpty)
    }
  }
}

/// As if the process had ended there.
struct Interrupted: Error {}
