import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

/// What followed from Stripe's facts, as the log and the queues have it.
extension Installation {
  /// The column `text` of what an owner of the database asks.
  func texts(_ query: Query) async throws -> [String] {
    let owner = Pool(database.settings, size: 1, logger: Logger(label: "owner"))
    let texts = try await owner.query(query).map { try $0.decode("text", as: String.self) }
    await owner.close()
    return texts
  }

  /// Until all that follows from what is in the log is in it as well, and all mails of it are sent.
  func waitUntilAllIsSaid() async throws {
    let owner = Pool(database.settings, size: 1, logger: Logger(label: "owner"))
    try await eventually("all that follows is said") {
      try await Self.endLeases(on: owner)
      let outstanding = try await owner.query(
        """
        SELECT 1 AS n FROM operations.reactors AS r JOIN log.heads AS h ON h.shard = r.shard
        WHERE r.reactor IN ('billing', 'mail') AND r.position < h.last_position
        UNION ALL
        SELECT 1 FROM operations.billing_due WHERE attempts > 0 OR due_at <= clock_timestamp()
        UNION ALL
        SELECT 1 FROM operations.mails WHERE state IN ('queued', 'sending')
        """)
      return outstanding.isEmpty
    }
    await owner.close()
  }

  /// Until a mail of a kind is queued.
  func waitUntilQueued(_ kind: String) async throws {
    let owner = Pool(database.settings, size: 1, logger: Logger(label: "owner"))
    try await eventually("a mail of \(kind) is queued") {
      try await Self.endLeases(on: owner)
      return try await !owner.query("SELECT 1 AS n FROM operations.mails WHERE kind = \(kind)").isEmpty
    }
    await owner.close()
  }

  /// A process that was killed leaves what it had taken for itself until its lease of three minutes ends. Here leases end after two seconds,
  /// also of those that live and are slow, which must not matter.
  private static func endLeases(on owner: Pool) async throws {
    try await owner.query(
      """
      UPDATE operations.billing_due SET due_at = clock_timestamp()
      WHERE attempts > 0 AND due_at > clock_timestamp() AND due_at < clock_timestamp() + interval '178 seconds'
      """)
    try await owner.query(
      """
      UPDATE operations.mails SET due_at = clock_timestamp()
      WHERE state = 'sending' AND due_at > clock_timestamp() AND due_at < clock_timestamp() + interval '178 seconds'
      """)
  }

  /// Stripe's event ids of the facts, once for each time that one is in the log.
  func facts() async throws -> [String] {
    try await texts("SELECT data ->> 'event_id' AS text FROM log.events WHERE type = 'stripe_event_received'")
  }

  /// The tiers that an account changed to, in their order.
  func tiers(of account: String) async throws -> [String] {
    try await texts(
      """
      SELECT data ->> 'tier' AS text FROM log.events
      WHERE type = 'tier_changed' AND account_id = \(account)::uuid ORDER BY position
      """)
  }

  /// What the owners of an account were to be told of its payments, and of the end of what it paid for; in alphabetic order.
  func told(_ account: String) async throws -> [String] {
    try await texts(
      """
      SELECT type || coalesce(' ' || (data ->> 'attempt'), '') AS text FROM log.events
      WHERE account_id = \(account)::uuid
        AND type IN ('payment_failed', 'payment_action_required', 'payment_recovered', 'subscription_ended')
      """
    ).sorted()
  }

  /// What was said of a subscription or an invoice though it had been said of it last.
  func saidAgain() async throws -> [String] {
    try await texts(
      """
      SELECT type || ' ' || what::text AS text FROM (
        SELECT type, data - 'facts' AS what, lag(data - 'facts') OVER (
          PARTITION BY type, account_id, CASE type WHEN 'invoice_recorded' THEN data ->> 'invoice' ELSE data ->> 'subscription' END
          ORDER BY position) AS before
        FROM log.events WHERE type IN ('subscription_changed', 'invoice_recorded')) AS said
      WHERE what = before
      """)
  }

  /// Mails about payments and subscriptions, by their kind and what became of them; in alphabetic order.
  func mails() async throws -> [String] {
    try await texts(
      """
      SELECT kind || ' ' || state AS text FROM operations.mails WHERE kind LIKE 'payment%' OR kind LIKE 'subscription%'
      """
    ).sorted()
  }
}
