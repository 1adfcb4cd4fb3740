import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about an account's projects, and of them.
extension Operation {
  static let projects = Operation(
    .get, "/api/v1/accounts/{account_id}/projects", id: "projects", .projects, "The projects of an account",
    note: "The newest first.", right: .member(.readAccount),
    query: QueryParameters(ProjectRoutes.archived, ProjectRoutes.limit, .place),
    answer: OperationAnswer(ProjectRoutes.page, "A page of projects."))

  static let createProject = Operation(
    .post, "/api/v1/accounts/{account_id}/projects", id: "createProject", .projects, "Create a project",
    note: "It needs a key before it can track.", right: .member(.manageProjects), isIdempotent: true,
    body: .object(Body(ProjectRoutes.name)),
    answer: OperationAnswer(
      .created, ProjectRoutes.named,
      "The new project; of a retry with the same Idempotency-Key the one that it created before."),
    problems: [.projectLimitReached, .idempotencyConflict, .tooManyAttempts])

  static let project = Operation(
    .get, "/api/v1/projects/{project_id}", id: "project", .projects, "A project", note: "Also one that is archived.",
    right: .member(.readAccount), answer: OperationAnswer(ProjectRoutes.one, "The project."))

  static let renameProject = Operation(
    .patch, "/api/v1/projects/{project_id}", id: "renameProject", .projects, "Rename a project",
    note: "Its numbers stay with it.", right: .member(.manageProjects), body: .object(Body(ProjectRoutes.name)),
    answer: OperationAnswer(ProjectRoutes.named, "Its name now."), problems: [.projectArchived, .tooManyAttempts])

  static let archiveProject = Operation(
    .post, "/api/v1/projects/{project_id}/archive", id: "archiveProject", .projects, "Archive a project",
    note: "Its keys write no more, at once; members read its numbers on. Its place under the tier's limit is free.",
    right: .member(.archiveProjects), answer: OperationAnswer(ProjectRoutes.moved, "It is archived."))

  static let unarchiveProject = Operation(
    .post, "/api/v1/projects/{project_id}/unarchive", id: "unarchiveProject", .projects,
    "Take a project out of the archive",
    note: "Where the tier has room for it. Its keys work again as far as they have not ended meanwhile.",
    right: .member(.archiveProjects), answer: OperationAnswer(ProjectRoutes.moved, "It is in use again."),
    problems: [.projectLimitReached, .tooManyAttempts])
}

extension ProjectRoutes {
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let archived = Parameter<Bool>.flag("archived", "Archived ones instead of those in use.")
  static let name = Member<String>.text(
    "name", "Not all of it spaces, without control characters and characters that turn the direction of text.",
    .text(1...Project.maximumNameLength))

  static let shape = Shape<ListedProject>(
    "Project",
    [
      .id("project_id") { $0.id }, .id("account_id") { $0.accountID }, .text("name") { $0.name },
      .time("created_at") { $0.createdAt }, .optionalTime("archived_at", "While it is archived.") { $0.archivedAt },
      .boolean("is_demo", "Whether nobody sends what it tracks: it is made up, to show what Recount shows.") {
        $0.isDemo
      },
    ])

  static let page = Shape<Answered<Page<ListedProject, TimePlace>>>.page("projects", of: shape)
  static let one = shape.extended(from: { (answer: Answered<ListedProject>) in answer.value }, [.asOf { $0.asOf }])

  static let named = Shape<NamedProject>([
    .id("project_id") { $0.id }, .id("account_id") { $0.account }, .text("name") { $0.name },
  ]).changed()

  static let moved = Shape<MovedProject>([
    .id("project_id") { $0.id }, .id("account_id") { $0.account }, .boolean("archived") { $0.isArchived },
  ]).changed()
}

/// A project, as it is called now.
struct NamedProject: Sendable {
  let id, account: UUID
  let name: String
}

/// A project, put into the archive or taken out of it.
struct MovedProject: Sendable {
  let id, account: UUID
  let isArchived: Bool
}
