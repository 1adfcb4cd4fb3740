import Foundation
package import Logging
package import Postgres
import ServiceLifecycle

/// Tells the other servers over the same database that this one is there, and counts them.
///
/// A row per server in `operations.servers`, renewed every few seconds; one that was not renewed for three times as long is gone. A
/// server that stops takes its row away, one that is killed counts for a quarter of a minute more. While the database is away the
/// last count holds: then nothing is tracked anyhow.
package struct ServerRoll: Service {
  private let pool: Pool
  private let count: ServerCount
  private let pulse: Duration
  private let logger: Logger
  private let id = UUID()

  /// - Parameters:
  ///   - pool: acts as recount_server.
  ///   - pulse: the time between two signs of life.
  package init(pool: Pool, count: ServerCount, pulse: Duration = .seconds(5), logger: Logger) {
    self.pool = pool
    self.count = count
    self.pulse = pulse
    self.logger = logger
  }

  /// Runs until graceful shutdown.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await call()
        try? await Task.sleep(for: pulse)
      }
    }
    // A task of its own: this one may be cancelled.
    await Task { _ = try? await pool.query("SELECT operations.leave_servers(\(id))") }.value
  }

  /// One sign of life.
  package func call() async {
    do {
      let seconds = Double(pulse.components.seconds) + Double(pulse.components.attoseconds) / 1e18
      let row = try await pool.query(
        "SELECT operations.count_servers(\(id), make_interval(secs => \(3 * seconds))) AS n"
      ).first
      let before = count.value
      count.value = try row?.decode("n", as: Int.self) ?? 1
      if count.value != before { logger.info("servers counted", metadata: ["servers": "\(count.value)"]) }
    } catch {
      if !Task.isCancelled { logger.warning("servers not counted", metadata: ["error": "\(error)"]) }
    }
  }
}
