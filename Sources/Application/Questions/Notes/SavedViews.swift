package import Domain
package import Foundation
import Postgres

/// A saved view, as lists have it.
package struct ListedView: Sendable, Equatable {
  /// By which it is removed.
  package let id: UUID
  /// What the project's people call it.
  package let name: String
  /// What the page of the project's numbers is asked with, as an address has it.
  package let query: String
  /// The person; nil where none is known.
  package let savedBy: UUID?
  /// When.
  package let savedAt: Instant
}

extension Questions {
  /// All saved views of a project, by name: a hundred at most.
  package func views(of project: UUID, in account: UUID) async throws -> Answered<[ListedView]> {
    let shard = self.shard(of: account)
    return try await answer(ViewsQuestion(shard: shard, project: project), shard: shard)
  }
}

struct ViewsQuestion: Question {
  let shard: Int
  let project: UUID

  static let file = QueryFile("notes", "views")
  static let sample = ViewsQuestion(shard: 0, project: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), project] }

  static func answer(_ row: AnswerRow) throws -> ListedView {
    ListedView(
      id: try row.value("view_id"), name: try row.value("name"), query: try row.value("query"),
      savedBy: try row.value("saved_by"), savedAt: try row.value("saved_at"))
  }
}
