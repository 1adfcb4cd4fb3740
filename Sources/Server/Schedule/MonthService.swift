public import EventLog
public import Logging
public import ServiceLifecycle

/// Turns the months of the log: creates partitions ahead of time and drops the ids that have left the acceptance window. At start,
/// so that a server that was down for months can append again, and daily from then on. Any number of servers may do it: what is
/// done already is left alone.
public struct MonthService: Service {
  private let log: Log
  private let clock: any WallClock
  private let logger: Logger

  /// Three months are made ahead, so a day between two looks leaves much room for failures.
  private static let interval = Duration.seconds(86_400)
  private static let retry = Duration.seconds(60)

  /// For a log.
  public init(log: Log, clock: any WallClock = SystemClock(), logger: Logger) {
    self.log = log
    self.clock = clock
    self.logger = logger
  }

  /// Runs until graceful shutdown.
  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let pause = await ensure() ? Self.interval : Self.retry
        do { try await Task.sleep(for: pause) } catch { return }
      }
    }
  }

  private func ensure() async -> Bool {
    do {
      try await log.turnMonths(now: clock.milliseconds)
      return true
    } catch {
      logger.error("the months were not turned, trying again in a minute", metadata: ["error": "\(error)"])
      return false
    }
  }
}
