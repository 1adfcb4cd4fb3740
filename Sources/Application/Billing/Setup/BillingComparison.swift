package import Domain
import Postgres

/// A comparison of what is known with what Stripe has (`operations.billing_rounds`).
package struct BillingComparison: Sendable, Encodable {
  @TimeText package var begunAt: Instant?
  /// Nil: it is under way, or was stopped and goes on.
  @TimeText package var endedAt: Instant?
  /// Accounts that it is done with.
  package var accounts: Int64
  /// Of how many, as far as is known now.
  package var of: Int64
  /// Subscriptions that were not what Stripe had: they are taken over from there.
  package var differing: Int64
  /// Accounts that could not be compared.
  package var failed: Int64
  /// Why, of the last of them.
  package var error: String?

  /// The last of its kind, of any side; nil where there is none, as before the database was migrated.
  static func last(isWhole: Bool, _ pool: Pool) async throws -> BillingComparison? {
    guard try await pool.exists("operations.billing_rounds") else { return nil }
    let row = try await pool.query(
      """
      SELECT r.*, (
        SELECT count(DISTINCT c.account_id) FROM operations.billing_customers AS c
        WHERE c.stripe_account = r.stripe_account AND c.livemode = r.livemode) AS accounts
      FROM operations.billing_rounds AS r
      WHERE (r.ended_at IS NOT NULL) = \(isWhole)
        -- One that another was ended after is of a side whose key is here no more.
        AND (\(isWhole) OR NOT EXISTS (
          SELECT FROM operations.billing_rounds AS w WHERE w.ended_at IS NOT NULL AND w.round > r.round))
      ORDER BY r.round DESC LIMIT 1
      """
    ).first
    return try row.map { row in
      BillingComparison(
        begunAt: try row.decode("begun_at"), endedAt: try row.decode("ended_at"), accounts: try row.decode("compared"),
        of: try row.decode("accounts"), differing: try row.decode("differing"), failed: try row.decode("failed"),
        error: try row.decode("error"))
    }
  }

  /// Of one that is whole.
  var wholeText: String {
    let lost = failed > 0 ? ", \(failed) could not be" : ""
    return "\(accounts) accounts with what Stripe has, until \(endedAt?.textToSecond ?? "?"): "
      + "\(differing) subscriptions differed\(lost)"
  }

  /// Of one that is under way.
  var text: String { "\(accounts) of \(of) accounts since \(begunAt?.textToSecond ?? "?")" }
}
