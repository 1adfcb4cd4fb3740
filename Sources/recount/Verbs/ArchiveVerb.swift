import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Postgres
import Server

/// `recount archive …`
struct ArchiveVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: "Move old months of the log out of the database into files, which stay part of the log.",
    discussion: """
      Verification, exports, replays and rebuilds go on over files and database as one. Each month is a folder below \
      RECOUNT_ARCHIVE: a manifest, and a file of LZ4 frames per shard, which the lz4 command reads and tools/verify_log.py checks.
      """,
    subcommands: [RunVerb.self, StatusVerb.self, VerifyVerb.self], defaultSubcommand: RunVerb.self)

  /// Whole months before the current one that the database keeps when nobody says: a year to compare with, and the one that ends.
  static let defaultMonths = 13

  /// `recount archive run`
  struct RunVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Archive what is older than the operator's setting. May be run again at any point.",
      discussion: """
        A month is written, flushed to disk, read back and verified; only then it leaves the database, if everybody who follows the \
        log has taken it in. Whatever breaks it off, nothing is lost: run it again.
        """)

    @Option(help: "Whole months before the current one to keep; RECOUNT_ARCHIVE_AFTER_MONTHS or 13 when left out.")
    var olderThanMonths: Int?

    @Option(help: "Archive the months before this one, such as 2025-10.")
    var before: MonthArgument?

    @Flag(help: "Say what would be archived; change nothing.")
    var dryRun = false

    func validate() throws {
      guard olderThanMonths == nil || before == nil else {
        throw ValidationError("--older-than-months and --before say the same in two ways: give one of them")
      }
      if let months = olderThanMonths, !(0...1_200).contains(months) {
        throw ValidationError("--older-than-months: found \(months); allowed: 0 to 1200")
      }
    }

    func run() async throws {
      let compose = try Compose()
      let months = olderThanMonths ?? compose.settings.archiveAfterMonths ?? ArchiveVerb.defaultMonths
      let month = before?.name ?? Archiver.oldestMonth(keeping: months, now: SystemClock().now)
      let pool = try compose.pool(as: .archiver, size: 2)
      let archiver = Archiver(pool: pool, folder: compose.settings.archive)
      if dryRun {
        show(try await archiver.plan(before: month), before: month)
      } else {
        try await run(archiver, before: month, in: compose.settings.archive)
        let archived = try await MonthSize.all(pool).filter(\.isArchived)
        SizeTable(archived).show()
      }
      await pool.close()
    }

    private func run(_ archiver: Archiver, before month: String, in folder: ArchiveFolder) async throws {
      let display = ArchiveDisplay()
      var archiver = archiver
      archiver.reached = { display.show($0) }
      do { try await archiver.run(before: month) } catch {
        display.clear()
        throw error
      }
      Terminal.say(
        display.months == 0
          ? "There is no month before \(month) in the database." : "Archived into \(folder.url.path):")
    }

    private func show(_ plan: [Archiver.Planned], before month: String) {
      if plan.isEmpty { Terminal.say("There is no month before \(month) in the database.") }
      for planned in plan {
        let what = "\(planned.month)  \(planned.events) events, \(planned.databaseBytes) bytes in the database"
        Terminal.say("\(what): \(planned.obstacle.map { "stays, since \($0)" } ?? "would be archived")")
      }
    }
  }

  /// `recount archive status`
  struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Where each month of the log is, and what an event takes there.")

    func run() async throws {
      let pool = try Compose().pool(as: .auditor, size: 1)
      let months = try await MonthSize.all(pool)
      await pool.close()
      SizeTable(months).show()
    }
  }

  /// `recount archive verify`
  struct VerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Read every archive file, recompute every hash in it, and hold it against what the database noted.")

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .auditor, size: 1)
      let bar = ProgressLine()
      let report = try await ArchiveCheck(pool: pool, folder: compose.settings.archive)
        .run { bar.show("verifying", done: $0, of: $1) }
      bar.clear()
      await pool.close()
      for fault in report.faults { Terminal.say("\(fault)") }
      guard report.faults.isEmpty else { throw ExitCode(1) }
      Terminal.say(
        "\(report.files) files of \(report.months) months hold all of their \(report.events) events unchanged.")
    }
  }
}

/// A month as an operator types it.
struct MonthArgument: ExpressibleByArgument {
  let month: CalendarMonth
  var name: String { month.description }

  init?(argument: String) {
    guard let month = CalendarMonth(argument) else { return nil }
    self.month = month
  }
}
