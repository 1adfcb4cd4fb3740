import Logging
import Postgres

/// Tells whoever listens on `recount_projected` that read models have moved; the payload is `projection:shard:position`.
///
/// Coalesced as the log's own wake-ups are: NOTIFY takes a lock on the whole database at commit.
actor Announcer {
  private let pool: Pool
  private let logger: Logger
  private var moved: [Lane: Int64] = [:]
  private var isSending = false

  /// The channel.
  static let channel = "recount_projected"
  /// At most ten a second.
  private static let pause = Duration.milliseconds(100)

  init(pool: Pool, logger: Logger) {
    self.pool = pool
    self.logger = logger
  }

  func announce(_ lane: Lane, at position: Int64) {
    moved[lane] = position
    guard !isSending else { return }
    isSending = true
    Task { await send() }
  }

  private func send() async {
    while !moved.isEmpty {
      let payloads = moved.map { "\($0.key.projection):\($0.key.shard):\($0.value)" }
      moved = [:]
      do {
        try await pool.query("SELECT pg_notify(\(Self.channel), p) FROM unnest(\(payloads)) AS p")
        try await Task.sleep(for: Self.pause)
      } catch {
        logger.debug("not announced, listeners will poll", metadata: ["error": "\(error)"])
      }
    }
    isSending = false
  }
}
