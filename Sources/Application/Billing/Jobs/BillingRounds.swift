import Domain
import Foundation
import Postgres

/// How far the comparisons with Stripe have come (`operations.billing_rounds`): who is stopped goes on there. All times are the callers'.
struct BillingRounds: Sendable {
  let pool: Pool

  /// One comparison of all accounts of a side.
  struct Round: Sendable {
    let number: Int64
    let begunAt: Instant
    /// The account that was done with last, in the order of their ids; nil: none yet.
    let place: UUID?
  }

  /// The one that is under way, or a new one; `anew`: that one is begun anew.
  func begin(in mode: StripeMode, at now: Instant, anew isAnew: Bool) async throws -> Round {
    let row = try await pool.query(
      "SELECT * FROM operations.begin_billing_round(\(mode.stripeAccount), \(mode.livemode), \(now), \(isAnew))"
    ).first
    guard let row else { throw NoRound() }
    return Round(
      number: try row.decode("round"), begunAt: try row.decode("begun_at"),
      place: try row.decode("place", as: UUID?.self))
  }

  /// - Parameter error: why it could not be compared; nil: it was.
  func move(_ round: Round, past account: UUID, differing: Int, because error: String? = nil) async throws {
    let reason = error.map { String($0.prefix(500)) }
    try await pool.query(
      Query(
        "SELECT operations.move_billing_round($1, $2, $3, $4)", [round.number, account, Int64(differing), reason]))
  }

  /// How many accounts there were.
  func finish(_ round: Round, at now: Instant) async throws -> Int {
    let row = try await pool.query("SELECT operations.finish_billing_round(\(round.number), \(now)) AS compared").first
    return Int(try row?.decode("compared", as: Int64.self) ?? 0)
  }

  private struct NoRound: Error {}
}
