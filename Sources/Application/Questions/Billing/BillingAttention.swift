package import Domain
package import Foundation
import Postgres

/// Something that whoever runs the installation has to look at.
package struct ListedAttention: Sendable, Equatable {
  /// Whose it is.
  package let account: UUID
  /// Of what kind: ``BillingAttentionNeeded/Attention``, or a word of a newer release.
  package let kind: String
  /// What it is about: an id of Stripe's.
  package let subject: String
  /// In words.
  package let detail: String
  /// Where it was said.
  package let shard: Int32
  /// Likewise.
  package let position: Int64
  /// When.
  package let neededAt: Instant

  /// Where a list goes on after it.
  package var place: AttentionPlace { AttentionPlace(neededAt: neededAt, shard: shard, position: position) }
}

/// A place in the list of what somebody has to look at.
package struct AttentionPlace: Sendable, Equatable {
  /// When it was said.
  package let neededAt: Instant
  /// Where.
  package let shard: Int32
  /// Likewise.
  package let position: Int64

  /// A place.
  package init(neededAt: Instant, shard: Int32, position: Int64) {
    (self.neededAt, self.shard, self.position) = (neededAt, shard, position)
  }
}

extension Questions {
  /// A page of what somebody has to look at, of all accounts, the oldest first: the operator's to ask.
  package func billingAttention(
    after place: AttentionPlace? = nil, limit: Int
  ) async throws -> Page<ListedAttention, AttentionPlace> {
    Page(try await ask(AttentionQuestion(place: place, rows: limit + 1)), limit: limit) { $0.place }
  }
}

struct AttentionQuestion: Question {
  let place: AttentionPlace?
  let rows: Int

  static let file = QueryFile("billing", "attention")
  static let sample = AttentionQuestion(place: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [place?.neededAt, place?.shard, place?.position, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> ListedAttention {
    ListedAttention(
      account: try row.value("account_id"), kind: try row.value("attention"), subject: try row.value("subject"),
      detail: try row.value("detail"), shard: try row.value("shard"), position: try row.value("position"),
      neededAt: try row.value("needed_at"))
  }
}
