import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

/// `recount archive` as an operator runs it, and as his machine ends it.
@Suite(.timeLimit(.whatHangs)) struct ArchiveVerbTests {
  /// Files of the shard that holds the log, and what the archiver comes by, in this order.
  @Test func killedAnywhereItLosesNothingAndTheNextRunCompletesIt() async throws {
    try await ArchivedLog.with { log in
      let exported = try await log.export()
      let shard = try #require(
        try await log.test.owner.query("SELECT shard FROM log.heads WHERE last_position > 0").first
      )
      .decode("shard", as: Int.self)
      let milestones: [@Sendable () async throws -> Bool] = [
        { log.exists("2025-01") },
        { log.exists("2025-01/.shard-\(shard).jsonl.lz4.partial") },
        { log.exists("2025-01/shard-\(shard).jsonl.lz4") },
        { log.exists("2025-01/manifest.json") },
        { try await !log.isHeld("2025-01") },
        { log.exists("2025-02/shard-\(shard).jsonl.lz4") },
        { log.exists("2025-02/manifest.json") },
      ]
      var kills = 0
      for milestone in milestones {
        if try await log.kill9(when: milestone) { kills += 1 }
        #expect(try await log.export() == exported)
      }
      #expect(kills >= 3, "it was still at work when it was killed")
      try await killWhileTheMonthLeaves(log)
      #expect(try await log.export() == exported)

      let run = try await log.program.run(["archive", "run", "--before", ArchivedLog.kept])
      #expect(run.status == 0)
      for month in ArchivedLog.months { #expect(try await !log.isHeld(month)) }
      #expect(try await log.export() == exported)
      for arguments in [["audit", "verify"], ["archive", "verify"]] {
        #expect(try await log.program.run(arguments).status == 0)
      }
    }
  }

  /// Somebody reads the log, so that the archiver has done all but the last step when it is killed.
  private func killWhileTheMonthLeaves(_ log: ArchivedLog) async throws {
    let reader = try await Connection.connect(log.test.database.settings, logger: Logger(label: "reader"))
    try await reader.query("SELECT pg_advisory_lock_shared(hashtext('recount archive'))")
    let owner = log.test.owner
    _ = try await log.kill9 {
      try await !owner.query(
        """
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '%drop_archived_month%' AND wait_event = 'PgSleep'
        """
      ).isEmpty
    }
    await reader.close()
    // What the killed process had begun ends with its connection.
    try await eventually("the database has noticed that the archiver is gone") {
      try await owner.query(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
      ).isEmpty
    }
  }

  @Test func theVerifierInPythonCountsAnArchivedLogAsItCountedItBefore() async throws {
    try await ArchivedLog.with { log in
      let before = try await Verifier.run(try await log.export())
      #expect(before.status == 0, "\(before.output)")
      #expect(try await log.program.run(["archive", "--before", ArchivedLog.kept]).status == 0)
      let after = try await Verifier.run(try await log.export())
      #expect(after.status == 0)
      #expect(after.output == before.output)
    }
  }

  @Test(.enabled(if: LZ4Command.isThere, "needs the command lz4"))
  func theLZ4CommandReadsTheFilesAndTheVerifierTakesThem() async throws {
    try await ArchivedLog.with { log in
      #expect(try await log.program.run(["archive", "--before", ArchivedLog.kept]).status == 0)
      let files = ArchivedLog.months.flatMap { month in
        ((try? FileManager.default.contentsOfDirectory(atPath: log.folder.appending(path: month).path)) ?? [])
          .filter { $0.hasSuffix(".lz4") }.map { log.folder.appending(path: "\(month)/\($0)").path }
      }
      #expect(files.count == 2)
      for file in files { #expect(try await LZ4Command.run(["-t", "-q", file]).status == 0) }
      let text = try await LZ4Command.run(["-dcq", "-m"] + files)
      #expect(text.status == 0)
      let verified = try await Verifier.run(text.output)
      #expect(verified.status == 0, "\(verified.output)")
      #expect(try await log.export().hasPrefix(text.output))
    }
  }

  @Test func theOperatorSeesWhatWouldBeDoneWhatWasDoneAndWhatIsWrong() async throws {
    try await ArchivedLog.with { log in
      let plan = try await log.program.run(["archive", "run", "--before", ArchivedLog.kept, "--dry-run"])
      #expect(plan.status == 0)
      #expect(
        plan.output.contains("2025-01  50002 events") && plan.output.contains("would be archived"), "\(plan.output)")
      #expect(try await log.isHeld("2025-01"))
      // Thirteen whole months before this one stay when nobody says.
      let run = try await log.program.run(["archive"])
      #expect(run.status == 0)
      let status = try await log.program.run(["archive", "status"])
      let line = try #require(status.output.split(separator: "\n").first { $0.hasPrefix("2025-01  archive") })
      #expect(line.contains(" 50002 ") && line.hasSuffix(" : 1"), "\(status.output)")
      #expect(try await log.program.run(["archive"]).output.contains("no month before"))

      try FileManager.default.removeItem(at: log.folder.appending(path: "2025-02"))
      for arguments in [["archive", "verify"], ["audit", "verify"]] {
        let result = try await log.program.run(arguments)
        #expect(result.status != 0)
        #expect(
          result.output.contains("2025-02/shard-") && result.output.contains("put the file back"), "\(result.output)")
      }
      #expect(try await log.program.run(["audit", "export"]).status != 0)
    }
  }

  @Test(arguments: [
    ["archive", "--older-than-months", "-1"], ["archive", "--before", "2025-13"],
    ["archive", "--before", "2025-01", "--older-than-months", "2"],
  ]) func whatCannotBeMeantIsRefused(arguments: [String]) async throws {
    let program = Program(environment: ["DATABASE_URL": "host=/nowhere"])
    #expect(try await program.run(arguments).status != 0)
  }
}

/// The command of liblz4's own package.
enum LZ4Command {
  static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/lz4")

  static func run(_ arguments: [String]) async throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/lz4")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    return try await process.runToItsEnd(reading: output)
  }
}
