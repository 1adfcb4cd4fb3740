import Crypto
import Domain
import Foundation
import Postgres

/// The messages in `operations.slack_messages`. All times are the callers': see ``WallClock``.
struct SlackQueue: Sendable {
  private let pool: Pool

  /// Longer than a delivery can take (``SlackDelivery``), by so much that the clocks of two servers may differ by a minute.
  static let lease = Duration.minutes(2)
  /// Messages to a channel in an hour of the clock; of what comes after them one message says how many there were.
  static let perHour = 10
  /// Between two messages to a URL: what Slack takes.
  private static let pause = Duration.seconds(1)
  /// How long what became of a message is remembered. Longer than any reactor looks back.
  private static let memory = Duration.days(30)

  init(pool: Pool) { self.pool = pool }

  /// Queues a message, once, in the reactor's transaction.
  nonisolated(nonsending) static func add(
    _ notice: Notice, about event: LoggedEvent, of account: UUID, at now: Instant, on connection: Connection
  ) async throws {
    let id = "\(notice.name)/\(event.shard)/\(event.position)"
    try await connection.query(
      Query(
        "SELECT operations.add_slack_message($1, $2, $3, $4, $5, $6, $7)",
        [id, notice.name, Int32(event.shard), event.position, account, now, Int32(Self.perHour)]))
  }

  /// The message that has been due longest, ours for the length of the lease; nil when none is due.
  func take(at now: Instant) async throws -> QueuedSlackMessage? {
    try await pool.query("SELECT * FROM operations.take_slack_message(\(now), \(now + Self.lease))").first
      .map(QueuedSlackMessage.init(row:))
  }

  /// How a message can end.
  enum End: String {
    case sent, failed, dropped
  }

  func finish(_ message: QueuedSlackMessage, _ end: End, because reason: String? = nil, at now: Instant) async throws {
    try await pool.query(
      Query(
        "SELECT operations.finish_slack_message($1, $2, $3, $4, $5)",
        [message.id, Int32(message.attempt), end.rawValue, now, reason]))
  }

  /// - Parameter isAttempt: whether somebody was asked.
  func putOff(
    _ message: QueuedSlackMessage, until due: Instant, because reason: String, isAttempt: Bool = true
  ) async throws {
    try await pool.query(
      Query(
        "SELECT operations.put_off_slack_message($1, $2, $3, $4, $5)",
        [message.id, Int32(message.attempt), due, reason, isAttempt]))
  }

  /// Whether a URL may be sent to now, over all servers: nil, and then the turn is taken; or when it may be asked again.
  func takeTurn(of url: SlackURL, at now: Instant) async throws -> Instant? {
    try await pool.query(
      Query("SELECT operations.take_slack_turn($1, $2, $3) AS free_at", [Self.hash(url), now, now + Self.pause])
    ).first?.decode("free_at", as: Instant?.self) ?? nil
  }

  /// Nobody sends to a URL before a time.
  func hold(_ url: SlackURL, until time: Instant) async throws {
    try await pool.query(Query("SELECT operations.hold_slack_url($1, $2)", [Self.hash(url), time]))
  }

  /// Forgets what ended long ago.
  func forget(at now: Instant) async throws {
    try await pool.query("DELETE FROM operations.slack_messages WHERE finished_at < \(now - Self.memory)")
    try await pool.query("DELETE FROM operations.slack_paces WHERE free_at < \(now - Self.memory)")
  }

  /// Tells URLs apart without holding one: they are long and random.
  private static func hash(_ url: SlackURL) -> String { Hex.text(SHA256.hash(data: Data(url.text.utf8))) }
}

/// A message that is to be written and sent: what `operations.slack_messages` knows of it.
struct QueuedSlackMessage: Sendable {
  let id: String
  /// Nil: it says how many there were beside those that were sent.
  let notice: Notice?
  let account: UUID
  let shard: Int
  /// Of the event that it tells of.
  let position: Int64
  /// Which attempt this is, from 1.
  let attempt: Int
  let queuedAt: Instant
  /// How many it stands for.
  let held: Int
}

extension QueuedSlackMessage {
  init(row: Row) throws {
    id = try row.decode("message_id")
    let kind: String = try row.decode("kind")
    notice = kind == "more" ? nil : Notice.named(kind)
    guard notice != nil || kind == "more" else { throw UnknownSlackMessage(id: id, kind: kind) }
    account = try row.decode("account_id")
    shard = try row.decode("shard")
    position = try row.decode("position")
    attempt = try row.decode("attempts")
    queuedAt = try row.decode("queued_at")
    held = try row.decode("held")
  }
}

/// A row that another version of this program has left.
struct UnknownSlackMessage: Error, CustomStringConvertible {
  let id: String
  let kind: String
  var description: String {
    "message \(id) is of kind \(kind), which is not known here; a newer program may have queued it"
  }
}
