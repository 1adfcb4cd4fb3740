package import Domain
package import EventLog
package import Foundation
import Postgres

/// Whose customer is whose (`operations.billing_customers`), as far as the log was followed: it says so, this only finds it.
package struct BillingCustomers: Sendable {
  let log: Log

  package init(log: Log) { self.log = log }

  /// The streams of an account's customers on one side, oldest first.
  package func streams(of account: UUID, in mode: StripeMode) async throws -> [StripeStream] {
    try await log.pool.query(
      """
      SELECT customer FROM operations.billing_customers
      WHERE account_id = \(account) AND stripe_account = \(mode.stripeAccount) AND livemode = \(mode.livemode)
      ORDER BY noted_at, customer
      """
    ).map { StripeStream(try $0.decode("customer", as: String.self), in: mode) }
  }

  /// Destroys the keys that what was said of an account's customers is sealed with, whatever the side.
  func eraseKeys(of account: UUID) async throws {
    let rows = try await log.pool.query(
      "SELECT stripe_account, livemode, customer FROM operations.billing_customers WHERE account_id = \(account)")
    for row in rows {
      let mode = StripeMode(stripeAccount: try row.decode("stripe_account"), livemode: try row.decode("livemode"))
      try await log.vault.erase(StripeStream(try row.decode("customer", as: String.self), in: mode).sealingSubject)
    }
    try await log.pool.query("DELETE FROM operations.billing_contacts WHERE account_id = \(account)")
  }

  /// The account's customers on one side, folded.
  package func folded(of account: UUID, in mode: StripeMode) async throws -> [StripeCustomer] {
    var customers: [StripeCustomer] = []
    for stream in try await streams(of: account, in: mode) {
      let customer = try await log.load(StripeCustomer.self, from: .stripe(stream, shards: log.shards)).state
      if customer.accountID == account { customers.append(customer) }
    }
    return customers
  }

  /// Accounts whose customers are all on other sides, by id: what was bought there counts no more.
  func accounts(notIn mode: StripeMode) async throws -> [UUID] {
    try await log.pool.query(
      """
      SELECT account_id FROM operations.billing_customers GROUP BY account_id
      HAVING NOT bool_or(stripe_account = \(mode.stripeAccount) AND livemode = \(mode.livemode)) ORDER BY account_id
      """
    ).map { try $0.decode("account_id") }
  }

  /// Every account with a customer on one side, by id.
  ///
  /// - Parameter place: the one that they come after; nil: all.
  func accounts(in mode: StripeMode, after place: UUID? = nil) async throws -> [UUID] {
    let query = Query(
      """
      SELECT DISTINCT account_id FROM operations.billing_customers
      WHERE stripe_account = $1 AND livemode = $2 AND ($3::uuid IS NULL OR account_id > $3::uuid) ORDER BY account_id
      """, [mode.stripeAccount, mode.livemode, place])
    return try await log.pool.query(query).map { try $0.decode("account_id") }
  }

  /// Whoever has just linked one need not wait for the follower.
  func note(_ stream: StripeStream, of account: UUID) async throws {
    try await log.pool.query(Self.noting(stream, of: account))
  }

  static func noting(_ stream: StripeStream, of account: UUID) -> Query {
    """
    SELECT operations.note_billing_customer(
      \(stream.name), \(stream.mode.stripeAccount), \(stream.mode.livemode), \(stream.subject), \(account))
    """
  }

  /// The customer that a payment, charge or invoice is known to be of; nil: not yet.
  func stream(ofAny objects: [String], in mode: StripeMode) async throws -> StripeStream? {
    try await log.pool.query(
      """
      SELECT customer FROM operations.billing_objects
      WHERE stripe_account = \(mode.stripeAccount) AND livemode = \(mode.livemode) AND object_id = ANY(\(objects)) LIMIT 1
      """
    ).first.map { StripeStream(try $0.decode("customer", as: String.self), in: mode) }
  }
}
