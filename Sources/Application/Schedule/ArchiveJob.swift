package import Domain
package import EventLog
package import Logging
package import Postgres

/// Archives months as they grow older than the operator's setting; only where he has one. Once a day: a month more or less is nothing to
/// hurry for.
package struct ArchiveJob: ScheduledJob {
  /// As `recount status` shows it.
  package let name = "archive"
  /// A day.
  package let interval = Duration.days(1)
  /// Years that were never archived take hours the first time.
  package let deadline = Duration.hours(6)

  private let archiver: Archiver
  private let months: Int

  /// Keeps so many whole months before the current one. The pool acts as recount_archiver.
  package init(pool: Pool, folder: ArchiveFolder, keeping months: Int, logger: Logger) {
    self.months = months
    var archiver = Archiver(pool: pool, folder: folder)
    archiver.reached = { stage in
      if case .dropped(let month) = stage { logger.notice("month archived", metadata: ["month": "\(month)"]) }
    }
    self.archiver = archiver
  }

  /// Archives what is too old by then. Throws `ArchiveError` and `PostgresError`.
  package func run(now: Instant) async throws {
    try await archiver.run(before: Archiver.oldestMonth(keeping: months, now: now))
  }
}
