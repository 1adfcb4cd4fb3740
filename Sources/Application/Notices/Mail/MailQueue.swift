import Domain
import Foundation
import Postgres

/// The mails in `operations.mails`. All times are the callers': see ``WallClock``.
struct MailQueue: Sendable {
  private let pool: Pool

  /// Longer than a delivery can take (``SMTPDelivery``), by so much that the clocks of two servers may differ by a minute.
  static let lease = Duration.minutes(3)
  /// How long what became of a mail is remembered. Longer than any reactor looks back.
  private static let memory = Duration.days(30)

  init(pool: Pool) { self.pool = pool }

  /// Queues a mail, once, in the reactor's transaction.
  nonisolated(nonsending) static func add(
    _ id: MessageID, _ notice: Notice, about event: LoggedEvent, to recipient: UUID, expiry: Instant?,
    at now: Instant, on connection: Connection
  ) async throws {
    try await connection.query(
      Query(
        """
        INSERT INTO operations.mails (message_id, kind, shard, position, recipient, queued_at, due_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
        ON CONFLICT (message_id) DO NOTHING
        """, [id.description, notice.name, Int32(event.shard), event.position, recipient, now, expiry]))
  }

  /// The mail that has been due longest, ours for the length of the lease; nil when none is due.
  func take(at now: Instant) async throws -> QueuedMail? {
    try await pool.query("SELECT * FROM operations.take_mail(\(now), \(now + Self.lease))").first
      .map(QueuedMail.init(row:))
  }

  /// How a mail can end.
  enum End: String {
    case sent, failed, dropped
  }

  func finish(_ mail: QueuedMail, _ end: End, because reason: String? = nil, at now: Instant) async throws {
    try await pool.query(
      Query(
        "SELECT operations.finish_mail($1, $2, $3, $4, $5)",
        [mail.id.description, Int32(mail.attempt), end.rawValue, now, reason]))
  }

  func putOff(_ mail: QueuedMail, until due: Instant, because reason: String) async throws {
    try await pool.query(
      "SELECT operations.put_off_mail(\(mail.id.description), \(Int32(mail.attempt)), \(due), \(reason))")
  }

  /// Forgets what ended long ago.
  func forget(at now: Instant) async throws {
    try await pool.query("DELETE FROM operations.mails WHERE finished_at < \(now - Self.memory)")
  }
}
