package import Domain
package import Foundation
import Postgres

/// An API key, as lists have it: never its secret.
package struct ListedKey: Sendable, Equatable {
  /// By which it is rotated and revoked.
  package let id: UUID
  /// What it belongs to.
  package let projectID: UUID
  /// What its owners call it.
  package let name: String
  /// Live or test.
  package let mode: KeyMode
  /// What it opens.
  package let scopes: [KeyScope]
  /// Its first and last characters.
  package let hint: String
  /// Since when it works.
  package let issuedAt: Instant
  /// When it stops working by itself; nil: never.
  package let expiresAt: Instant?
  /// When it was revoked.
  package let revokedAt: Instant?
  /// When another took its place.
  package let rotatedAt: Instant?
  /// When it stops working because of that.
  package let retiresAt: Instant?
  /// That other key.
  package let successorID: UUID?
  /// The minute of its last use.
  package let lastUsedAt: Instant?

  /// What it is at a time.
  package func status(at now: Instant) -> KeyStatus {
    KeyStatus(
      isRevoked: revokedAt != nil, expiresAt: expiresAt, retiresAt: retiresAt, at: now)
  }
}

extension Questions {
  /// A page of a project's keys, the newest first, those that work no more included.
  package func keys(
    of project: UUID, in account: UUID, after place: TimePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedKey, TimePlace>> {
    let shard = self.shard(of: account)
    let question = KeysQuestion(shard: shard, project: project, key: nil, place: place, rows: limit + 1)
    let listed = try await answer(question, shard: shard)
    return Answered(Page(listed.value, limit: limit) { TimePlace(time: $0.issuedAt, id: $0.id) }, listed.asOf)
  }

  /// A key of a project; nil where it has no such key, or the directory has not come to it.
  package func key(_ id: UUID, of project: UUID, in account: UUID) async throws -> Answered<ListedKey?> {
    let shard = self.shard(of: account)
    let question = KeysQuestion(shard: shard, project: project, key: id, place: nil, rows: 1)
    let listed = try await answer(question, shard: shard)
    return Answered(listed.value.first, listed.asOf)
  }
}

struct KeysQuestion: Question {
  let shard: Int
  let project: UUID
  let key: UUID?
  let place: TimePlace?
  let rows: Int

  static let file = QueryFile("directory", "keys")
  static let sample = KeysQuestion(shard: 0, project: .sample, key: nil, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), project, key, place?.time, place?.id, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> ListedKey {
    ListedKey(
      id: try row.value("key_id"), projectID: try row.value("project_id"), name: try row.value("name"),
      mode: try row.word("mode"), scopes: try row.words("scopes"), hint: try row.value("hint"),
      issuedAt: try row.value("issued_at"), expiresAt: try row.value("expires_at"),
      revokedAt: try row.value("revoked_at"), rotatedAt: try row.value("rotated_at"),
      retiresAt: try row.value("retires_at"), successorID: try row.value("successor_id"),
      lastUsedAt: try row.value("last_used_at"))
  }
}
