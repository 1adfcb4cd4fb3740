import Domain
import Foundation
package import Logging
package import Postgres
import ServiceLifecycle

/// Runs what falls due by the clock, once across any number of server processes.
///
/// The way of a job:
/// 1. every few seconds each server asks which of its jobs are due (`SQL/objects/jobs/job_is_due.sql`), and whose read models are there;
/// 2. for each it opens a connection and takes the job on it: an advisory lock, held as long as the connection
///    (`SQL/objects/jobs/take_job.sql`). Whoever comes second gets nothing;
/// 3. it runs the job, watching that the connection still holds the lock and that the job's deadline has not passed (``JobRun``);
/// 4. it notes the outcome and when the job falls due next (`SQL/objects/jobs/finish_job.sql`), and closes the connection.
///
/// The lock of a process that died goes with its connection, and another takes the job over at its next look. A failed job is tried
/// again after a minute, then two, four, up to an hour. After downtime a job runs once and does all that was left undone.
package struct Scheduler: Service {
  private let jobs: [any ScheduledJob]
  private let pool: Pool
  private let run: JobRun
  private let look: Duration
  private let clock: any WallClock
  private let logger: Logger

  /// For these jobs, each with a name of its own.
  ///
  /// - Parameters:
  ///   - pool: for the looks; acts as recount_server.
  ///   - settings: how to open the connection that holds a job while it runs, so that long jobs take none of the pool's.
  ///   - look: the time between two looks.
  ///   - spacing: the least time, by the database's clock, between two runs of a job, however the servers' clocks jump.
  ///   - process: what `recount status` calls this process; host and process id where nothing is given.
  package init(
    jobs: [any ScheduledJob], pool: Pool, settings: ConnectionSettings, clock: any WallClock = SystemClock(),
    look: Duration = .seconds(5), spacing: Duration = .seconds(60), process: String? = nil, logger: Logger
  ) {
    precondition(Set(jobs.map(\.name)).count == jobs.count, "two jobs have the same name")
    self.jobs = jobs
    self.pool = pool
    self.look = look
    self.clock = clock
    self.logger = logger
    let own = "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
    run = JobRun(
      settings: settings, clock: clock, spacing: spacing, pulse: look, process: process ?? own, logger: logger)
  }

  /// Runs until graceful shutdown, which cancels the jobs under way: they stay due.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        while !Task.isCancelled {
          for job in await due() { group.addTask { await run(job) } }
          try? await Task.sleep(for: look)
        }
      }
    }
  }

  private func due() async -> [any ScheduledJob] {
    do {
      try await pool.query(
        "SELECT operations.register_jobs(\(jobs.map(\.name)), \(jobs.map(\.interval.wholeMilliseconds)))")
      let now = clock.now
      let names = try await pool.query(
        "SELECT name FROM operations.due_jobs(\(jobs.map(\.name)), \(now), make_interval(secs => \(run.spacingSeconds)))"
      ).map { try $0.decode("name", as: String.self) }
      let due = jobs.filter { names.contains($0.name) }
      let missing = try await missing(Set(due.flatMap(\.readModels)))
      return due.filter { missing.isDisjoint(with: $0.readModels) }
    } catch {
      if !Task.isCancelled { logger.warning("can't see what is due, looking again", metadata: ["error": "\(error)"]) }
      return []
    }
  }

  /// Which of these read models nobody has made yet. Their schema and tables appear at once.
  private func missing(_ readModels: Set<String>) async throws -> Set<String> {
    guard !readModels.isEmpty else { return [] }
    let rows = try await pool.query(
      "SELECT n.name FROM unnest(\(readModels.sorted())) AS n (name) WHERE to_regnamespace(n.name) IS NULL")
    return Set(try rows.map { try $0.decode("name", as: String.self) })
  }
}
