package import Domain
package import Foundation
import Postgres

/// An invoice, as it was said to be last. Amounts are in minor units of its currency.
package struct ListedInvoice: Sendable, Equatable {
  /// `in_…`
  package let id: String
  /// What people see; nil where it has none.
  package let number: String?
  /// `sub_…`
  package let subscription: String?
  /// open, uncollectible, void or paid.
  package let status: String
  /// Three letters, as Stripe has them.
  package let currency: String
  /// What it comes to.
  package let total: Int64
  /// What is to be paid of that.
  package let amountDue: Int64
  /// What is.
  package let amountPaid: Int64
  /// Of the total; nil where none is said.
  package let tax: Int64?
  /// How often it was tried to be paid.
  package let attempts: Int64
  /// Nil: Stripe will not try again.
  package let nextAttempt: Instant?
  /// Such as `subscription_cycle`.
  package let reason: String?
  /// When it was made.
  package let created: Instant
  /// What it is for.
  package let periodStart: Instant?
  /// What it is for.
  package let periodEnd: Instant?
  /// When the owners were told that its payment failed; nil: never.
  package let failedAt: Instant?
  /// When they were told that it waits for them.
  package let actionRequiredAt: Instant?
  /// When they were told that it is paid after all.
  package let recoveredAt: Instant?
  /// What went back of it.
  package let refunded: Int64
  /// How its last dispute stands, `open` or how it ended; nil: there is none.
  package let dispute: String?

  /// What is still to be paid.
  package var owed: MoneyAmount { MoneyAmount(Int(amountDue.subtractingSaturating(amountPaid)), currency) }

  /// Whether its payment waits for somebody to answer their bank: it did not fail since it asked, and was not paid.
  package var waitsForOwner: Bool {
    guard status == "open", let asked = actionRequiredAt else { return false }
    return recoveredAt.map { $0 < asked } ?? true && failedAt.map { $0 <= asked } ?? true
  }

  /// Where a list goes on after it.
  package var place: InvoicePlace { InvoicePlace(created: created, id: id) }
}

/// A place in a list of invoices.
package struct InvoicePlace: Sendable, Equatable {
  /// When the invoice was made.
  package let created: Instant
  /// The invoice.
  package let id: String

  /// A place.
  package init(created: Instant, id: String) { (self.created, self.id) = (created, id) }
}

extension Questions {
  /// A page of an account's invoices, the latest first, of one side of the Stripe account or of all: drafts are not told.
  package func invoices(
    of account: UUID, in mode: StripeMode?, after place: InvoicePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedInvoice, InvoicePlace>> {
    let shard = self.shard(of: account)
    let question = InvoicesQuestion(shard: shard, account: account, mode: mode, place: place, rows: limit + 1)
    return try await answer(question, shard: shard).map { Page($0, limit: limit) { $0.place } }
  }
}

struct InvoicesQuestion: Question {
  let shard: Int
  let account: UUID
  let mode: StripeMode?
  /// Those that are open and not paid, instead of all but drafts.
  var isOpen = false
  var place: InvoicePlace?
  let rows: Int

  static let file = QueryFile("billing", "invoices")
  static let sample = InvoicesQuestion(shard: 0, account: .sample, mode: nil, rows: 1)
  var parameters: [any PostgresEncodable] {
    [
      Int32(shard), account, mode?.stripeAccount, mode?.livemode, isOpen, place?.created, place?.id, Int32(rows),
    ]
  }

  static func answer(_ row: AnswerRow) throws -> ListedInvoice {
    ListedInvoice(
      id: try row.value("invoice"), number: try row.value("number"), subscription: try row.value("subscription"),
      status: try row.value("status"), currency: try row.value("currency"), total: try row.value("total"),
      amountDue: try row.value("amount_due"), amountPaid: try row.value("amount_paid"), tax: try row.value("tax"),
      attempts: try row.value("attempt_count"), nextAttempt: try row.value("next_payment_attempt"),
      reason: try row.value("billing_reason"), created: try row.value("created"),
      periodStart: try row.value("period_start"), periodEnd: try row.value("period_end"),
      failedAt: try row.value("failed_at"), actionRequiredAt: try row.value("action_required_at"),
      recoveredAt: try row.value("recovered_at"), refunded: try row.value("refunded"),
      dispute: try row.value("dispute"))
  }
}
