package import Domain
package import Postgres

/// How a job of the schedule does.
package struct JobStatus: Sendable, Encodable {
  /// What it is called.
  package var name: String
  /// How often it falls due, in milliseconds.
  package var intervalMs: Int64
  /// When it falls due next; nil before its first run.
  @TimeText package var nextDue: Instant?
  /// The process that runs it now.
  package var runningBy: String?
  /// When it was last begun.
  @TimeText package var lastStarted: Instant?
  /// When a run last ended.
  @TimeText package var lastFinished: Instant?
  /// `succeeded`, `failed`, or `died` with its process.
  package var lastOutcome: String?
  /// Why it failed.
  package var lastError: String?
  /// The process that ran it last.
  package var lastRunBy: String?
  /// Runs that ended.
  package var runs: Int64
  /// Of those and of runs that died, how many failed.
  package var failures: Int64
  /// Failures since it last succeeded.
  package var failuresInARow: Int
  /// Whether it should have run a quarter of an hour ago and nobody runs it.
  package var isOverdue: Bool

  /// All jobs that servers have, by name; none before the first server has run. Any role of Recount may ask.
  package static func all(_ pool: Pool) async throws -> [JobStatus] {
    guard try await pool.exists("operations.jobs") else { return [] }
    return try await pool.query("SELECT * FROM operations.job_status() ORDER BY name").map(JobStatus.init(row:))
  }

  private init(row: Row) throws {
    name = try row.decode("name")
    intervalMs = try row.decode("interval_ms")
    nextDue = try row.decode("next_due")
    runningBy = try row.decode("running_by")
    lastStarted = try row.decode("last_started")
    lastFinished = try row.decode("last_finished")
    lastOutcome = try row.decode("last_outcome")
    lastError = try row.decode("last_error")
    lastRunBy = try row.decode("last_run_by")
    runs = try row.decode("runs")
    failures = try row.decode("failures")
    failuresInARow = try row.decode("failures_in_a_row")
    isOverdue = try row.decode("is_overdue")
  }
}

extension Pool {
  /// Whether there is such a table.
  func exists(_ table: String) async throws -> Bool {
    try await query("SELECT to_regclass(\(table)) IS NOT NULL AS exists").first?.decode("exists") ?? false
  }
}
