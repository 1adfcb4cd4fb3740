import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// The projects of an account: a list with what each did this month, and what can be done with them.
struct ProjectPages: Sendable {
  let site: Site

  private var tenancy: Tenancy { site.tenancy }

  func add(to pages: inout PageRoutes) {
    pages.get("/projects", for: .people) { try await list($0, complaint: nil, name: "") }
    pages.post("/projects", for: .people, create)
    pages.post("/projects/{project_id}/rename", for: .people, rename)
    pages.post("/projects/{project_id}/archive", for: .people, archive)
    pages.post("/projects/{project_id}/unarchive", for: .people, unarchive)
  }

  private func list(_ call: PageCall, of account: UUID? = nil, complaint: Complaint?, name: String) async throws
    -> PageAnswer
  {
    let visitor = try call.person()
    let tenant = try await site.tenant(of: call, account: account)
    let now = site.clock.now
    let month = CalendarMonth(of: now)
    let isArchive = call.parameter("archived") == "yes"
    let projects = try await tenancy.questions.projects(
      of: tenant.account.id, archived: isArchive, after: call.place, limit: Self.pageLength)
    // In an installation's first second nobody has counted yet.
    let traffic = try await unlessMissing {
      try await tenancy.questions.accountTraffic(of: tenant.account.id, mode: .live, range: month.start..<now)
    }
    let view = ProjectsView(
      tenant, projects.value, traffic?.value, in: visitor.calendar, isArchive: isArchive,
      isFirst: !isArchive && call.place == nil, newName: name,
      once: call.drawn(site), complaint)
    return .page(
      "tenants/projects", title: isArchive ? "Archived projects" : "Projects", view,
      status: complaint?.problem.kind.status ?? .ok, in: .projects)
  }

  private static let pageLength = 100

  private func create(_ call: PageCall) async throws -> PageAnswer {
    let form = try await call.form()
    let actor = try await call.actor(site)
    let account = try form.account()
    do {
      try await tenancy.access.requireMembership(of: actor.userID, in: account)
      let name = try form.name("name", upTo: Project.maximumNameLength)
      let id = IdempotencyKey(form.once).id(of: "project", in: account, by: actor.userID)
      let recorded = try await commands.create(id, named: name, in: account, by: actor)
      _ = await tenancy.settle(recorded)
      return .seeOther(.keys(of: id), saying: .projectCreated)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return try await list(call, of: account, complaint: complaint, name: form["name"])
    }
  }

  private func rename(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (id, account) = try await site.project(of: call, to: .readAccount)
    let name = try form.name("name", upTo: Project.maximumNameLength)
    _ = await tenancy.settle(try await commands.rename(id, to: name, in: account, by: actor))
    return .seeOther(.keys(of: id), saying: .projectRenamed)
  }

  /// The name is typed once more: nobody archives the wrong one by a click.
  private func archive(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (id, account) = try await site.project(of: call, to: .readAccount)
    guard let project = try await tenancy.questions.project(id, of: account)?.value else {
      throw AccessError.noProject(id)
    }
    guard form.text("name") == project.name else {
      throw Problem(
        .invalidParameter, "the name that was typed is not the project's: go back, and type it as it stands there")
    }
    _ = await tenancy.settle(try await commands.archive(id, in: account, by: actor), keysOf: id)
    return .seeOther(.projects(account: account), saying: .projectArchived)
  }

  private func unarchive(_ call: PageCall) async throws -> PageAnswer {
    let actor = try await call.actor(site)
    let (id, account) = try await site.project(of: call, to: .readAccount)
    _ = await tenancy.settle(try await commands.unarchive(id, in: account, by: actor), keysOf: id)
    return .seeOther(.keys(of: id), saying: .projectUnarchived)
  }

  private var commands: ProjectCommands {
    ProjectCommands(log: tenancy.log, changes: tenancy.changes, clock: tenancy.clock)
  }
}
