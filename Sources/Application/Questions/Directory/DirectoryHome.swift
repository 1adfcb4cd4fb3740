package import Domain
package import Foundation
import Postgres

/// A project in use, and how far it has come.
package struct ProjectUse: Sendable, Equatable {
  /// The project.
  package let id: UUID
  /// What its owners call it.
  package let name: String
  /// Since when it is there.
  package let createdAt: Instant
  /// How many keys it was ever issued.
  package let keys: Int64
  /// The minute in which one of them was last used; nil: none was.
  package let lastUsedAt: Instant?
}

/// A key that stops working by itself.
package struct EndingKey: Sendable, Equatable {
  /// Its project.
  package let projectID: UUID
  /// What that is called.
  package let projectName: String
  /// The key.
  package let id: UUID
  /// What it is called.
  package let name: String
  /// Its first and last characters.
  package let hint: String
  /// When it does.
  package let endsAt: Instant
  /// Whether another took its place.
  package let hasSuccessor: Bool
}

extension Questions {
  /// The projects of an account that are in use, in the order of their creation. Throws ``ReadModelMissing``.
  package func projectUses(of account: UUID) async throws -> Answered<[ProjectUse]> {
    let shard = self.shard(of: account)
    return try await answer(ProjectUsesQuestion(shard: shard, account: account), shard: shard)
  }

  /// Keys of an account that end by themselves within a span, the first to end first. Throws ``ReadModelMissing``.
  package func keysEnding(
    of account: UUID, within span: Range<Instant>, limit: Int
  ) async throws -> Answered<[EndingKey]> {
    let shard = self.shard(of: account)
    let question = KeysEndingQuestion(shard: shard, account: account, span: span, rows: limit)
    return try await answer(question, shard: shard)
  }
}

struct ProjectUsesQuestion: Question {
  let shard: Int
  let account: UUID

  static let file = QueryFile("directory", "project_uses")
  static let sample = ProjectUsesQuestion(shard: 0, account: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), account] }

  static func answer(_ row: AnswerRow) throws -> ProjectUse {
    ProjectUse(
      id: try row.value("project_id"), name: try row.value("name"), createdAt: try row.value("created_at"),
      keys: try row.value("keys"), lastUsedAt: try row.value("last_used_at"))
  }
}

struct KeysEndingQuestion: Question {
  let shard: Int
  let account: UUID
  let span: Range<Instant>
  let rows: Int

  static let file = QueryFile("directory", "keys_ending")
  static let sample = KeysEndingQuestion(shard: 0, account: .sample, span: .sample, rows: 1)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), account, span.lowerBound, span.upperBound, Int32(rows)]
  }

  static func answer(_ row: AnswerRow) throws -> EndingKey {
    EndingKey(
      projectID: try row.value("project_id"), projectName: try row.value("project_name"), id: try row.value("key_id"),
      name: try row.value("name"), hint: try row.value("hint"), endsAt: try row.value("ends_at"),
      hasSuccessor: try row.value("has_successor"))
  }
}
