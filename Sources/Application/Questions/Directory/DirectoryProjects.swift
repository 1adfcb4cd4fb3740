package import Domain
import EventLog
package import Foundation
import Postgres

/// A project, as lists have it.
package struct ListedProject: Sendable, Equatable {
  /// The project.
  package let id: UUID
  /// Whose it is.
  package let accountID: UUID
  /// What its owners call it.
  package let name: String
  /// Since when it is there.
  package let createdAt: Instant
  /// Since when it tracks no more; nil while it does.
  package let archivedAt: Instant?
  /// Whether nobody sends what it tracks: it is made by a recipe.
  package let isDemo: Bool
}

extension Questions {
  /// A page of an account's projects, the newest first: those in use, or those archived.
  package func projects(
    of account: UUID, archived: Bool = false, after place: TimePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedProject, TimePlace>> {
    let shard = self.shard(of: account)
    let question = ProjectsQuestion(
      shard: shard, account: account, archived: archived, place: place, rows: limit + 1)
    let listed = try await answer(question, shard: shard)
    let page = Page(listed.value, limit: limit) { TimePlace(time: $0.createdAt, id: $0.id) }
    return Answered(page, listed.asOf)
  }

  /// A project of an account; nil when it has no such project. Where the directory has not come to it yet, as its own stream has it.
  package func project(_ id: UUID, of account: UUID) async throws -> Answered<ListedProject>? {
    let shard = self.shard(of: account)
    let listed = try await answer(ProjectQuestion(project: id), shard: shard)
    if let project = listed.value.first {
      return project.accountID == account ? Answered(project, listed.asOf) : nil
    }
    let stream = StreamID.project(id, of: account, shard: shard)
    let isDemo = try await log.load(Account.self, from: .account(account, shard: shard)).state.demo != nil
    guard let project = try ListedProject(await log.stream(stream), isDemo: isDemo), project.accountID == account else {
      return nil
    }
    return Answered(project, listed.asOf)
  }

  /// All projects of a shard, archived ones included, page by page.
  func everyProject(on shard: Int, after last: UUID?, limit: Int) async throws -> Page<EveryProjectQuestion.Home, UUID>
  {
    let found = try await ask(EveryProjectQuestion(shard: shard, last: last, rows: limit + 1))
    return Page(found, limit: limit) { $0.project }
  }
}

extension ListedProject {
  /// Of a project's events; nil before the first.
  fileprivate init?(_ events: [StoredEvent], isDemo: Bool) throws {
    var project = Project()
    var archivedAt: Instant?
    for stored in events {
      project.evolve(try stored.event(Project.Event.self))
      archivedAt = project.isArchived ? archivedAt ?? stored.recordedAt : nil
    }
    guard let id = project.id, let accountID = project.accountID, let created = events.first else { return nil }
    self.init(
      id: id, accountID: accountID, name: project.name, createdAt: created.recordedAt, archivedAt: archivedAt,
      isDemo: isDemo)
  }

  init(_ row: AnswerRow) throws {
    id = try row.value("project_id")
    accountID = try row.value("account_id")
    name = try row.value("name")
    createdAt = try row.value("created_at")
    archivedAt = try row.value("archived_at")
    isDemo = try row.value("is_demo")
  }
}

struct ProjectsQuestion: Question {
  let shard: Int
  let account: UUID
  let archived: Bool
  let place: TimePlace?
  let rows: Int

  static let file = QueryFile("directory", "projects")
  static let sample = ProjectsQuestion(shard: 0, account: .sample, archived: false, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, archived, place?.time, place?.id, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> ListedProject { try ListedProject(row) }
}

struct ProjectQuestion: Question {
  let project: UUID

  static let file = QueryFile("directory", "project")
  static let sample = ProjectQuestion(project: .sample)
  var parameters: [any PostgresEncodable] { [project] }

  static func answer(_ row: AnswerRow) throws -> ListedProject { try ListedProject(row) }
}

struct EveryProjectQuestion: Question {
  let shard: Int
  let last: UUID?
  let rows: Int

  struct Home: Sendable {
    let project, account: UUID
  }

  static let file = QueryFile("directory", "every_project")
  static let sample = EveryProjectQuestion(shard: 0, last: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), last, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> Home {
    Home(project: try row.value("project_id"), account: try row.value("account_id"))
  }
}
