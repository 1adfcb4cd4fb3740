import Postgres

/// Makes appends durable before they are acknowledged: one flush of the write-ahead log for all that were committed before it
/// began. While one is under way the next fills, as with the appends themselves.
actor Flusher {
  private let pool: Pool
  private var waiting: [CheckedContinuation<Void, any Error>] = []
  private var isFlushing = false

  /// Over connections whose synchronous_commit is on.
  init(pool: Pool) { self.pool = pool }

  /// Returns when everything committed before the call is durable. Throws `PostgresError`; what was committed may then be durable
  /// or not.
  func flush() async throws {
    try await withCheckedThrowingContinuation { answer in
      waiting.append(answer)
      guard !isFlushing else { return }
      isFlushing = true
      Task { await run() }
    }
  }

  private func run() async {
    while !waiting.isEmpty {
      let answered = waiting
      waiting = []
      do {
        try await pool.query("SELECT log.flush()")
        for answer in answered { answer.resume() }
      } catch {
        var unknown = PostgresError(.connectionLost, "the commit could not be confirmed: \(error)")
        unknown.mayHaveCommitted = true
        for answer in answered { answer.resume(throwing: unknown) }
      }
    }
    isFlushing = false
  }
}
