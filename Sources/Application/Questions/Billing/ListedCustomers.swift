package import Domain
package import Foundation
import Postgres

/// A customer at Stripe that is an account's.
package struct ListedCustomer: Sendable, Equatable {
  /// `cus_…`
  package let id: String
  /// On which side of which Stripe account.
  package let mode: StripeMode
  /// The shard of what Stripe said of it.
  package let shard: Int32
  /// Where it was linked, on that shard.
  package let position: Int64
  /// When.
  package let linkedAt: Instant
}

extension Questions {
  /// An account's customers at Stripe, those that were linked last first.
  package func billingCustomers(of account: UUID) async throws -> [ListedCustomer] {
    try await ask(CustomersQuestion(account: account))
  }
}

struct CustomersQuestion: Question {
  let account: UUID

  static let file = QueryFile("billing", "customers")
  static let sample = CustomersQuestion(account: .sample)
  var parameters: [any PostgresEncodable] { [account] }

  static func answer(_ row: AnswerRow) throws -> ListedCustomer {
    ListedCustomer(
      id: try row.value("customer"),
      mode: StripeMode(stripeAccount: try row.value("stripe_account"), livemode: try row.value("livemode")),
      shard: try row.value("shard"), position: try row.value("position"), linkedAt: try row.value("linked_at"))
  }
}
