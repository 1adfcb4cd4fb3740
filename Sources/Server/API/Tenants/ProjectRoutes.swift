import Application
import Domain
import Foundation
import Hummingbird

/// The projects of an account.
struct ProjectRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) {
    operations.add(.projects, list)
    operations.add(.createProject, create)
    operations.add(.project, show)
    operations.add(.renameProject, rename)
    operations.add(.archiveProject) { try await move($0, isArchived: true) }
    operations.add(.unarchiveProject) { try await move($0, isArchived: false) }
  }

  private func list(_ call: Call) async throws -> Response {
    let account = try await tenancy.account(call, of: tenancy.person(call))
    let projects = try await tenancy.questions.projects(
      of: account, archived: call(Self.archived), after: call(.place), limit: call(Self.limit))
    return .json(projects, in: Self.page)
  }

  private func create(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let account = try await tenancy.account(call, of: actor)
    let name = try await call.body()(Self.name)
    var random = SystemRandomNumberGenerator()
    let id =
      try call.idempotencyKey?.id(of: "project", in: account, by: actor.userID)
      ?? .v7(at: tenancy.clock.now, using: &random)
    let recorded = try await commands.create(id, named: name, in: account, by: actor)
    return .created(
      Changed(value: NamedProject(id: id, account: account, name: name), inEffect: await tenancy.settle(recorded)),
      in: Self.named, at: "/api/v1/projects/\(id.text)")
  }

  private func show(_ call: Call) async throws -> Response {
    let (id, account) = try await tenancy.project(call, of: tenancy.person(call))
    guard let project = try await tenancy.questions.project(id, of: account) else { throw AccessError.noProject(id) }
    return .json(project, in: Self.one)
  }

  private func rename(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (id, account) = try await tenancy.project(call, of: actor.userID, to: .readAccount)
    let name = try await call.body()(Self.name)
    let recorded = try await commands.rename(id, to: name, in: account, by: actor)
    return .json(
      Changed(value: NamedProject(id: id, account: account, name: name), inEffect: await tenancy.settle(recorded)),
      in: Self.named)
  }

  private func move(_ call: Call, isArchived: Bool) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (id, account) = try await tenancy.project(call, of: actor.userID, to: .readAccount)
    let recorded =
      isArchived
      ? try await commands.archive(id, in: account, by: actor)
      : try await commands.unarchive(id, in: account, by: actor)
    let project = MovedProject(id: id, account: account, isArchived: isArchived)
    return .json(
      Changed(value: project, inEffect: await tenancy.settle(recorded, keysOf: id)), in: Self.moved)
  }

  private var commands: ProjectCommands {
    ProjectCommands(log: tenancy.log, changes: tenancy.changes, clock: tenancy.clock)
  }
}
