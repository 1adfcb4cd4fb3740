public import EventLog
import Foundation
public import Logging
import Postgres
public import ServiceLifecycle

/// Creates the log's monthly partitions ahead of time: at start, so that one that was down for months can append again, and
/// daily from then on.
public struct PartitionService: Service {
  private let log: Log
  private let logger: Logger

  /// Three months are made ahead, so a day between two looks leaves much room for failures.
  private static let interval = Duration.seconds(86_400)
  private static let retry = Duration.seconds(60)

  /// For a log.
  public init(log: Log, logger: Logger) {
    self.log = log
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
      try await log.pool.query("SELECT log.ensure_partitions((now() AT TIME ZONE 'UTC')::date)")
      return true
    } catch {
      logger.error("partitions were not created, trying again in a minute", metadata: ["error": "\(error)"])
      return false
    }
  }
}
