import Domain
import Foundation
import Postgres

/// The accounts that something may follow for (`operations.billing_due`). All times are the callers'.
struct BillingQueue: Sendable {
  let pool: Pool

  /// Longer than Stripe is waited for.
  static let lease = Duration.minutes(3)

  struct Due: Sendable {
    let account: UUID
    /// Which note of it was taken: one that comes meanwhile is another.
    let note: Int64
    let attempts: Int
  }

  /// Something may follow for an account.
  func note(_ account: UUID, at due: Instant) async throws {
    try await pool.query("SELECT operations.note_billing_due(\([account]), \(due))")
  }

  /// The account that has been due longest, ours for the length of the lease; nil when none is due.
  func take(at now: Instant) async throws -> Due? {
    try await pool.query("SELECT * FROM operations.take_billing_due(\(now), \(now + Self.lease))").first.map { row in
      Due(
        account: try row.decode("account_id"), note: try row.decode("note"), attempts: try row.decode("attempts"))
    }
  }

  /// All is said; it is due again then, or when something comes.
  func finish(_ due: Due, next: Instant?) async throws {
    try await pool.query(
      Query("SELECT operations.finish_billing_due($1, $2, $3)", [due.account, due.note, next]))
  }

  /// It failed.
  func putOff(_ due: Due, until next: Instant, because reason: String) async throws {
    try await pool.query(
      """
      SELECT operations.put_off_billing_due(\(due.account), \(due.note), \(next), \(String(reason.prefix(500))))
      """)
  }
}
