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

  /// Mails about an account to one person in an hour of the clock; of what comes after them one mail says how many there were. What concerns
  /// a person is not held: nobody can cause it as often as they like (``Notice/Occasion``).
  static let perHour = 10

  /// Queues a mail, once, in the reactor's transaction.
  ///
  /// - Parameter sender: whose domain Message-IDs are made in.
  nonisolated(nonsending) static func add(
    _ id: MessageID, _ notice: Notice, about event: LoggedEvent, to recipient: UUID, expiry: Instant?,
    at now: Instant, from sender: Mailbox, on connection: Connection
  ) async throws {
    let account = notice.topic == nil ? nil : event.accountID
    let hour = now.milliseconds / 3_600_000
    let more = MessageID(
      kind: Notice.more.name, occasion: "\(account?.text ?? "") hour \(hour)", recipient: recipient, sender: sender)
    try await connection.query(
      Query(
        "SELECT operations.add_mail($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
          id.description, notice.name, Int32(event.shard), event.position, recipient, now, expiry, account,
          Int32(perHour), more.description,
        ]))
  }

  /// How many mails the one that says so stands for.
  func held(_ mail: QueuedMail) async throws -> Int {
    guard let account = mail.accountID, let hour = mail.hour else { return 0 }
    return try await pool.query(
      "SELECT operations.held_mails(\(account), \(mail.recipient), \(hour)) AS held"
    ).first?.decode("held") ?? 0
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
