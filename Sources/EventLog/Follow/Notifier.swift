package import Logging
package import Postgres

/// Tells all processes that listen what has happened here.
///
/// NOTIFY takes a lock on the whole database at commit, so it is sent on its own, never inside another transaction, and coalesced: while
/// one is on its way, all that happens shares the next.
package actor Notifier {
  private let topic: Topic
  private let pool: Pool
  private let logger: Logger
  private var news: [String: String] = [:]
  private var isSending = false

  /// One for a topic.
  package init(_ topic: Topic, pool: Pool, logger: Logger) {
    self.topic = topic
    self.pool = pool
    self.logger = logger
  }

  /// Soon sends the payload, if nothing newer is told of the same subject meanwhile.
  package func tell(_ payload: String, of subject: String) {
    news[subject] = payload
    guard !isSending else { return }
    isSending = true
    Task { await send() }
  }

  private func send() async {
    while !news.isEmpty {
      let payloads = Array(news.values)
      news = [:]
      do {
        try await pool.query("SELECT pg_notify(\(topic.rawValue), p) FROM unnest(\(payloads)) AS p")
        try await Task.sleep(for: topic.pause)
      } catch {
        logger.debug("not sent, listeners will look", metadata: ["topic": "\(topic.rawValue)", "error": "\(error)"])
      }
    }
    isSending = false
  }
}
