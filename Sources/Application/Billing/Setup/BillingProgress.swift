package import Domain
package import Postgres

/// How the process manager of billing does, from the database alone.
package struct BillingProgress: Sendable, Encodable {
  /// Accounts that something follows for now.
  package var due: Int64
  /// Of those the ones whose last attempt failed.
  package var failing: Int64
  /// Why, of one of them.
  package var error: String?
  /// Stripe's deliveries, by what became of them.
  package var deliveries: [String: Int64]
  /// The last comparison with what Stripe has that went through all accounts; nil: none has yet.
  package var compared: BillingComparison?
  /// The one that is under way; nil: none is.
  package var comparing: BillingComparison?

  /// Any role of Recount may ask. Nil where nothing was ever billed.
  package static func of(_ pool: Pool, at now: Instant) async throws -> BillingProgress? {
    guard try await pool.exists("operations.billing_due") else { return nil }
    let row = try await pool.query(
      """
      SELECT count(*) FILTER (WHERE due_at <= \(now)) AS due, count(error) AS failing, max(error) AS error,
        EXISTS (SELECT FROM operations.billing_memory) AS is_used
      FROM operations.billing_due
      """
    ).first
    guard let row, try row.decode("is_used", as: Bool.self) else { return nil }
    let counted = try await pool.query(
      "SELECT outcome, deliveries FROM operations.billing_deliveries ORDER BY outcome"
    ).map { (try $0.decode("outcome", as: String.self), try $0.decode("deliveries", as: Int64.self)) }
    return BillingProgress(
      due: try row.decode("due"), failing: try row.decode("failing"), error: try row.decode("error"),
      deliveries: Dictionary(counted, uniquingKeysWith: +),
      compared: try await BillingComparison.last(isWhole: true, pool),
      comparing: try await BillingComparison.last(isWhole: false, pool))
  }

  /// For people, a line each.
  package var lines: [String] {
    let came = deliveries.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return [
      "accounts   \(due) due, \(failing) failing",
      "deliveries \(came.isEmpty ? "none yet" : came.joined(separator: ", "))",
      "compared   \(compared?.wholeText ?? "never yet with what Stripe has: each night, or now by `recount billing reconcile`")",
    ] + (comparing.map { ["comparing  \($0.text)"] } ?? [])
  }

  /// What somebody must see to.
  package var concerns: [String] {
    var concerns: [String] = []
    if failing > 0, let error {
      concerns.append("billing: what follows from Stripe's facts can't be said for \(failing) accounts: \(error)")
    }
    if let compared, compared.failed > 0, let error = compared.error {
      concerns.append("billing: \(compared.failed) accounts could not be compared with what Stripe has: \(error)")
    }
    return concerns
  }
}
