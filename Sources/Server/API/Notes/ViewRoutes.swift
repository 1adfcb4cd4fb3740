import Application
import Domain
import Foundation
import Hummingbird

/// The saved views of a project.
struct ViewRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) {
    operations.add(.views, list)
    operations.add(.saveView, save)
    operations.add(.removeView, remove)
  }

  private func list(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let views = try await tenancy.questions.views(of: project, in: account)
    return .json(views.map { views in views.map { PlacedView($0, of: project) } }, in: Self.list)
  }

  private func save(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let body = try await call.body()
    let address = try TrafficAddress(
      saving: body(Self.query), of: project, now: tenancy.clock.now, call.context)
    let id =
      try call.idempotencyKey?.id(of: "view", in: project, by: actor.userID) ?? tenancy.newID()
    let (view, recorded) = try await tenancy.notes.save(
      Project.ViewRequest(id: id, name: try body(Self.name), query: address.query), of: project, in: account, by: actor)
    return .created(
      Changed(value: view, inEffect: await tenancy.settle(noted: recorded)), in: Self.saved,
      at: "/api/v1/projects/\(project.text)/views")
  }

  private func remove(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let view = try call.context.viewID
    let recorded = try await tenancy.notes.removeView(view, of: project, in: account, by: actor)
    return .json(
      Changed(value: RemovedNote(project: project, id: view), inEffect: await tenancy.settle(noted: recorded)),
      in: Self.removed)
  }
}

extension Tenancy {
  /// What members keep beside a project's numbers.
  var notes: ProjectNotes { ProjectNotes(log: log, changes: changes) }

  /// Of what is created, where nothing else says which it is.
  func newID() -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(at: clock.now, using: &random)
  }
}
