import Domain
public import EventLog
public import Logging
public import Postgres

/// Archives months as they grow older than the operator's setting; only where he has one. Once a day: a month more or less is nothing to
/// hurry for.
public struct ArchiveJob: ScheduledJob {
  /// As `recount status` shows it.
  public let name = "archive"
  /// A day.
  public let interval: Int64 = 86_400_000
  /// Years that were never archived take hours the first time.
  public let deadline = Duration.seconds(6 * 3_600)

  private let archiver: Archiver
  private let months: Int

  /// Keeps so many whole months before the current one. The pool acts as recount_archiver.
  public init(pool: Pool, folder: ArchiveFolder, keeping months: Int, logger: Logger) {
    self.months = months
    var archiver = Archiver(pool: pool, folder: folder)
    archiver.reached = { stage in
      if case .dropped(let month) = stage { logger.notice("month archived", metadata: ["month": "\(month)"]) }
    }
    self.archiver = archiver
  }

  /// Archives what is too old by then. Throws `ArchiveError` and `PostgresError`.
  public func run(now: Int64) async throws {
    try await archiver.run(before: Archiver.oldestMonth(keeping: months, now: now))
  }
}
