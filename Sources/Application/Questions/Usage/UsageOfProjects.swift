package import Domain
package import Foundation
import Postgres

/// What a project used in a month.
package struct UsageOfOneProject: Sendable, Equatable {
  /// The project.
  package let id: UUID
  /// What its owners call it; nil where the directory has not come to it.
  package let name: String?
  /// Live or test.
  package let mode: KeyMode
  /// Of all its keys.
  package let counts: UsageCounts
}

extension Questions {
  /// What each project of an account used in a month, those that used most first, archived ones included. Throws ``ReadModelMissing``.
  package func usageOfProjects(
    of account: UUID, in month: CalendarMonth
  ) async throws -> Answered<[UsageOfOneProject]> {
    let shard = self.shard(of: account)
    return try await answer(UsageOfProjectsQuestion(shard: shard, account: account, month: month), shard: shard)
  }
}

struct UsageOfProjectsQuestion: Question {
  let shard: Int
  let account: UUID
  let month: CalendarMonth

  static let file = QueryFile("usage", "project_months")
  static let sample = UsageOfProjectsQuestion(shard: 0, account: .sample, month: CalendarMonth(of: .epoch))
  var parameters: [any PostgresEncodable] { [Int32(shard), account, month.description] }

  static func answer(_ row: AnswerRow) throws -> UsageOfOneProject {
    UsageOfOneProject(
      id: try row.value("project_id"), name: try row.value("name"), mode: try row.word("mode"),
      counts: try UsageCounts(row))
  }
}
