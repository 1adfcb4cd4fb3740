import Logging
import Postgres
import Synchronization

/// How many deliveries came to what. Written now and then: a stranger's flood must not become a write each.
final class StripeDoorCounts: Sendable {
  private let counted = Mutex<[String: Int64]>([:])

  func count(_ outcome: String) { counted.withLock { $0[outcome, default: 0] += 1 } }

  /// What a crash may lose: the last minute of it.
  func write(to pool: Pool, logger: Logger) async {
    let counted = counted.withLock { counted in
      let all = counted
      counted = [:]
      return all
    }
    guard !counted.isEmpty else { return }
    let outcomes = counted.keys.sorted()
    do {
      try await pool.query(
        "SELECT operations.count_billing_deliveries(\(outcomes), \(outcomes.compactMap { counted[$0] }))")
    } catch {
      for (outcome, count) in counted { self.counted.withLock { $0[outcome, default: 0] += count } }
      logger.debug("could not write what came of Stripe's deliveries", metadata: ["error": "\(error)"])
    }
  }
}
