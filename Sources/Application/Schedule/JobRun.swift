import Domain
import Logging
import Postgres

/// Runs one job once: takes it, does it, notes the outcome.
struct JobRun: Sendable {
  let settings: ConnectionSettings
  let clock: any WallClock
  let spacing: Duration
  /// How often the connection that holds the lock is looked at: a process cut off from the database stops working this soon.
  let pulse: Duration
  let process: String
  let logger: Logger

  /// How long after its deadline a run is left alone by others: time to be cancelled, and to note that it took too long, on a busy
  /// machine. Another look of its own process would end it as hung otherwise, and its reason would be lost.
  private static let grace: Duration = .seconds(30)

  var spacingSeconds: Double { spacing / .seconds(1) }

  /// Never throws: what went wrong is noted where `recount status` shows it, and logged.
  func callAsFunction(_ job: any ScheduledJob) async {
    do {
      let connection = try await Connection.connect(settings, logger: logger)
      if try await take(job, on: connection) { await work(on: job, holding: connection) }
      await connection.close()
    } catch {
      if !Task.isCancelled {
        logger.warning("could not take a job", metadata: ["job": "\(job.name)", "error": "\(error)"])
      }
    }
  }

  private func take(_ job: any ScheduledJob, on connection: Connection) async throws -> Bool {
    try await connection.query(
      """
      SELECT operations.take_job(
        \(job.name), \(clock.now), make_interval(secs => \(spacingSeconds)), \(process),
        make_interval(secs => \((job.deadline + Self.grace) / .seconds(1)))) AS taken
      """
    ).first?.decode("taken") ?? false
  }

  private func work(on job: any ScheduledJob, holding connection: Connection) async {
    let start = clock.now
    do {
      try await watched(job, now: start, holding: connection)
      await note(job, on: connection, "SELECT operations.finish_job(\(job.name), \(start), \(process), NULL)")
      logger.debug("job done", metadata: ["job": "\(job.name)"])
    } catch {
      guard !Task.isCancelled else {
        await note(job, on: connection, "SELECT operations.return_job(\(job.name), \(process))")
        return
      }
      let end = clock.now
      await note(job, on: connection, "SELECT operations.finish_job(\(job.name), \(end), \(process), \("\(error)"))")
      logger.error("a job failed, trying again later", metadata: ["job": "\(job.name)", "error": "\(error)"])
    }
  }

  /// Runs the job as long as the lock is ours and the deadline has not passed.
  private func watched(_ job: any ScheduledJob, now: Instant, holding connection: Connection) async throws {
    let end = ContinuousClock.now + job.deadline
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await job.run(now: now) }
      group.addTask {
        while ContinuousClock.now < end {
          try await Task.sleep(until: min(end, .now + pulse), clock: .continuous)
          try await connection.query("SELECT")
        }
        throw JobOverdue(deadline: job.deadline)
      }
      // The first to end decides: the job, or what makes it give up.
      try await group.next()
      group.cancelAll()
    }
  }

  /// Also while the task is being cancelled: in a task of its own, which nothing cancels.
  private func note(_ job: any ScheduledJob, on connection: Connection, _ query: Query) async {
    await Task {
      do { try await connection.query(query, deadline: .seconds(5)) } catch {
        logger.warning(
          "could not note what became of a job, it will be run again",
          metadata: ["job": "\(job.name)", "error": "\(error)"])
      }
    }.value
  }
}

/// A run took longer than its job allows.
struct JobOverdue: Error, CustomStringConvertible {
  let deadline: Duration
  var description: String { "it took longer than its deadline of \(deadline) and was cancelled" }
}
