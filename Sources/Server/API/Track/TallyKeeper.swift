package import EventLog
package import Logging
import ServiceLifecycle

/// Writes what this process tallied of what it did not accept (`IntakeTallies`), and which keys read (`KeyUses`), once a minute, and when
/// it ends. Neither is ever waited for by a call.
package struct TallyKeeper: Service {
  private let log: Log
  private let interval: Duration
  private let logger: Logger
  /// How often it looks whether so many keys wait that the interval would be too long. A look costs a lock.
  private static let look = Duration.seconds(1)

  /// For a log whose tallies nobody else writes.
  package init(log: Log, interval: Duration = .seconds(60), logger: Logger) {
    self.log = log
    self.interval = interval
    self.logger = logger
  }

  /// Runs until graceful shutdown, or cancellation, and then writes a last time.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await wait()
        await write()
      }
    }
    // In a task of its own: this one may be cancelled, and with it whatever it asks the database.
    await Task { await write() }.value
  }

  private func wait() async {
    let due = ContinuousClock.now + interval
    // A look passes before each write: where the database is away the crowd stays, and this must not become a busy loop.
    repeat {
      try? await Task.sleep(for: min(Self.look, interval))
    } while !Task.isCancelled && ContinuousClock.now < due && !log.tallies.isCrowded
  }

  private func write() async {
    do { try await log.writeTallies() } catch {
      logger.warning("what was not accepted could not be tallied, trying again", metadata: ["error": "\(error)"])
    }
    do { try await log.writeKeyUses() } catch {
      logger.warning("which keys read could not be noted, trying again", metadata: ["error": "\(error)"])
    }
  }
}
