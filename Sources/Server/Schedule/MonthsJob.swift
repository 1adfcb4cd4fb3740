public import EventLog

/// Turns the months of the log: creates partitions ahead of time and drops the ids that have left the acceptance window.
public struct MonthsJob: ScheduledJob {
  private let log: Log

  /// `months`
  public let name = "months"
  /// Three months are made ahead, so a day between two runs leaves much room for failures.
  public let interval: Int64 = 86_400_000

  /// For a log.
  public init(log: Log) { self.log = log }

  /// Done in any order and any number of times: what there is already is left alone.
  public func run(now: Int64) async throws { try await log.turnMonths(now: now) }
}
