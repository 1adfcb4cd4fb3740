package import Domain
package import Foundation
import Postgres

/// A span of a project's requests that was taken out of its numbers.
package struct ListedVoid: Sendable, Equatable {
  /// The void's own id.
  package let id: UUID
  /// Live or test.
  package let mode: KeyMode
  /// The first timestamp taken.
  package let from: Instant
  /// The first timestamp after the span.
  package let to: Instant
  /// Why.
  package let reason: String
  /// Requests taken, in all.
  package let events: Int64
  /// By month and key.
  package let counts: [VoidedCount]
  /// Whether the quota got them back.
  package let givesBackQuota: Bool
  /// What was recorded after it counts.
  package let uptoPosition: Int64
  /// Where the void stands in the shard's log.
  package let position: Int64
  /// The person; nil from the command line.
  package let voidedBy: UUID?
  /// When the void was recorded.
  package let recordedAt: Instant
}

extension Questions {
  /// A page of what was taken out of a project's numbers, latest first; a place is a position.
  package func voids(
    ofProject project: UUID, in account: UUID, before position: Int64? = nil, limit: Int
  ) async throws -> Answered<Page<ListedVoid, Int64>> {
    let shard = self.shard(of: account)
    let listed = try await answer(
      VoidsQuestion(shard: shard, project: project, position: position, rows: limit + 1), shard: shard)
    return Answered(Page(listed.value, limit: limit, place: \.position), listed.asOf)
  }
}

struct VoidsQuestion: Question {
  let shard: Int
  let project: UUID
  let position: Int64?
  let rows: Int

  static let file = QueryFile("usage", "voids")
  static let sample = VoidsQuestion(shard: 0, project: .sample, position: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), project, position, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> ListedVoid {
    ListedVoid(
      id: try row.value("void_id"), mode: try row.word("mode"), from: try row.value("from"), to: try row.value("to"),
      reason: try row.value("reason"), events: try row.value("events"), counts: try row.elements("counts"),
      givesBackQuota: try row.value("gives_back_quota"), uptoPosition: try row.value("upto_position"),
      position: try row.value("position"), voidedBy: try row.value("voided_by"),
      recordedAt: try row.value("recorded_at"))
  }
}
