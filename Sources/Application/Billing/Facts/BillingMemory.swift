import Postgres

/// What is remembered of Stripe beside the log (`operations.billing_memory`): lost, it is asked for again.
struct BillingMemory: Sendable {
  private let pool: Pool

  init(pool: Pool) { self.pool = pool }

  subscript(_ name: String) -> String? {
    get async throws {
      try await pool.query("SELECT value FROM operations.billing_memory WHERE name = \(name)").first?.decode("value")
    }
  }

  func keep(_ value: String, as name: String) async throws {
    try await pool.query("SELECT operations.remember_billing(\(name), \(value))")
  }
}
