import Logging
import Postgres

/// Tells the projectors that a shard has grown.
///
/// NOTIFY takes a lock on the whole database at commit, so it is sent on its own, never inside an append, and coalesced: while
/// one is on its way, all further appends share the next. A lost wake-up delays a projection by its polling interval, no more.
actor Waker {
  private let pool: Pool
  private let logger: Logger
  private var grown: Set<Int> = []
  private var isSending = false

  /// The channel; the payload is the shard.
  static let channel = "recount_appended"
  /// At most four wake-ups a second and process: projections are read by people, and each step of one costs some milliseconds
  /// before its first event (at ten a second they took a third of a core under single events, at four an eighth).
  private static let pause = Duration.milliseconds(250)

  init(pool: Pool, logger: Logger) {
    self.pool = pool
    self.logger = logger
  }

  func wake(shard: Int) {
    grown.insert(shard)
    guard !isSending else { return }
    isSending = true
    Task { await send() }
  }

  private func send() async {
    while !grown.isEmpty {
      let shards = grown
      grown = []
      do {
        for shard in shards {
          try await pool.query("SELECT pg_notify(\(Self.channel), \(String(shard)))")
        }
        try await Task.sleep(for: Self.pause)
      } catch {
        logger.debug("wake-up not sent, projectors will poll", metadata: ["error": "\(error)"])
      }
    }
    isSending = false
  }
}
