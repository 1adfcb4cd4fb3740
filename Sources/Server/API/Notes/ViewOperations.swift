import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about a project's saved views, and of them.
extension Operation {
  static let views = Operation(
    .get, "/api/v1/projects/{project_id}/views", id: "views", .projects, "The saved views of a project's numbers",
    note: "By name, all of them: a project has \(Project.maximumViews) at most.", right: .member(.readNumbers),
    answer: OperationAnswer(ViewRoutes.list, "The views."))

  static let saveView = Operation(
    .post, "/api/v1/projects/{project_id}/views", id: "saveView", .projects, "Save a view of a project's numbers",
    note: "For all members. It takes the place of the view that has the name, if there is one.",
    right: .member(.manageProjects), isIdempotent: true, body: .object(Body(ViewRoutes.name, ViewRoutes.query)),
    answer: OperationAnswer(
      .created, ViewRoutes.saved, "The view that has the name now; of a retry with the same Idempotency-Key the same."),
    problems: [.projectArchived, .limitReached, .idempotencyConflict, .tooManyAttempts])

  static let removeView = Operation(
    .delete, "/api/v1/projects/{project_id}/views/{view_id}", id: "removeView", .projects, "Remove a saved view",
    note: "Removing it again changes nothing.", right: .member(.manageProjects),
    answer: OperationAnswer(ViewRoutes.removed, "It is none any more."), problems: [.projectArchived, .viewNotFound])
}

extension ViewRoutes {
  static let name = Member<String>.text(
    "name", "Not all of it spaces, without control characters and characters that turn the direction of text.",
    .text(1...Project.maximumNameLength))
  static let query = Member<String>.text(
    "query",
    "What the project's page is asked with, as its address has it after `?`. It is kept written in one way, without a table's `cursor`.",
    .text(0...Project.maximumViewQueryLength))

  private static let page = "Where a browser shows it."

  static let list = Shape<Answered<[PlacedView]>>([.list("views", of: view) { $0.value }, .asOf { $0.asOf }])

  private static let view = Shape<PlacedView>(
    "View",
    [
      .id("view_id") { $0.view.id }, .text("name") { $0.view.name }, .text("query") { $0.view.query },
      .text("page", page) { $0.place.path }, .optionalID("saved_by", "The person.") { $0.view.savedBy },
      .time("saved_at") { $0.view.savedAt },
    ])

  static let saved = Shape<ViewSaved>([
    .id("view_id") { $0.viewID }, .id("project_id") { $0.projectID }, .text("name") { $0.name },
    .text("query") { $0.query },
    .text("page", page) { TrafficAddress(savedAs: $0.query, $0.projectID).place().path },
  ]).changed()

  static let removed = Shape<RemovedNote>([
    .id("project_id") { $0.project }, .id("view_id") { $0.id },
    Field("removed", .constant(true)) { _ in true },
  ]).changed()
}

/// A view, and where it leads.
struct PlacedView: Sendable {
  let view: ListedView
  let place: Place

  init(_ view: ListedView, of project: UUID) {
    self.view = view
    place = TrafficAddress(savedAs: view.query, project).place()
  }
}

/// A view or an annotation that is none any more.
struct RemovedNote: Sendable {
  let project, id: UUID
}
