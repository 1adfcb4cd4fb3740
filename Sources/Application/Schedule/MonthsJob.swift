package import Domain
package import EventLog

/// Turns the months of the log: creates partitions ahead of time and drops the ids that have left the acceptance window.
package struct MonthsJob: ScheduledJob {
  private let log: Log

  /// `months`
  package let name = "months"
  /// Three months are made ahead, so a day between two runs leaves much room for failures.
  package let interval = Duration.days(1)

  /// For a log.
  package init(log: Log) { self.log = log }

  /// Done in any order and any number of times: what there is already is left alone.
  package func run(now: Instant) async throws { try await log.turnMonths(now: now) }
}
