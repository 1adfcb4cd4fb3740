public import Foundation
public import Postgres

/// How a job of the schedule does.
public struct JobStatus: Sendable, Codable {
  /// What it is called.
  public var name: String
  /// How often it falls due, in milliseconds.
  public var intervalMs: Int64
  /// When it falls due next; nil before its first run.
  public var nextDue: Date?
  /// The process that runs it now.
  public var runningBy: String?
  /// When it was last begun.
  public var lastStarted: Date?
  /// When a run last ended.
  public var lastFinished: Date?
  /// `succeeded`, `failed`, or `died` with its process.
  public var lastOutcome: String?
  /// Why it failed.
  public var lastError: String?
  /// The process that ran it last.
  public var lastRunBy: String?
  /// Runs that ended.
  public var runs: Int64
  /// Of those and of runs that died, how many failed.
  public var failures: Int64
  /// Failures since it last succeeded.
  public var failuresInARow: Int
  /// Whether it should have run a quarter of an hour ago and nobody runs it.
  public var isOverdue: Bool

  /// All jobs that servers have, by name; none before the first server has run. Any role of Recount may ask.
  public static func all(_ pool: Pool) async throws -> [JobStatus] {
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
