import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// The keys of a project, each shown once, and what to do with it: the way to the first event.
struct KeyPages: Sendable {
  let site: Site

  private var tenancy: Tenancy { site.tenancy }

  func add(to pages: inout PageRoutes) {
    pages.get("/projects/{project_id}/keys", for: .people) { try await list($0, NewKeyView()) }
    pages.post("/projects/{project_id}/keys", for: .people, issue)
    pages.get("/projects/{project_id}/keys/{key_id}", for: .people, show)
    pages.post("/projects/{project_id}/keys/{key_id}/rotate", for: .people, rotate)
    pages.post("/projects/{project_id}/keys/{key_id}/revoke", for: .people, revoke)
  }

  private func list(_ call: PageCall, _ new: NewKeyView) async throws -> PageAnswer {
    let visitor = try call.person()
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readAccount)
    let now = site.clock.now
    async let keys = tenancy.questions.keys(
      of: project.id, in: tenant.account.id, after: call.place, limit: Self.pageLength)
    async let usage = tenancy.questions.usage(
      ofProject: project.id, in: tenant.account.id, month: CalendarMonth(of: now))
    let view = try await KeysView(
      project, tenant, keys.value, usage.value, in: visitor.calendar, now: now, new: new, once: call.drawn(site))
    return .page("tenants/keys", title: "Keys of \(project.name)", view, status: new.status, in: .projects)
  }

  private static let pageLength = 100

  private func issue(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (project, account) = try await site.project(of: call, to: .readAccount)
    do {
      let new = ProjectKeys.NewKey(
        name: try form.name("name", upTo: Project.maximumNameLength), mode: form["mode"] == "test" ? .test : .live,
        scopes: try form.scopes(), expiresAt: try form.expiry(now: site.clock.now))
      let id = IdempotencyKey(form.once).id(of: "key", in: project, by: actor.userID)
      let issued = try await commands.issue(new, for: project, of: account, id: id, by: actor)
      return try await shownOnce(issued, of: account, call)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return try await list(call, NewKeyView(form, complaint))
    }
  }

  private func rotate(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (project, account) = try await site.project(of: call, to: .readAccount)
    let key = try call.context.keyID
    let grace = try form.grace()
    let id = IdempotencyKey(form.once).id(of: "rotation", in: key, by: actor.userID)
    let issued = try await commands.rotate(key, of: project, account: account, grace: grace, id: id, by: actor)
    return try await shownOnce(issued, of: account, call)
  }

  private func revoke(_ call: PageCall) async throws -> PageAnswer {
    let actor = try await call.actor(site)
    let (project, account) = try await site.project(of: call, to: .readAccount)
    let position = try await commands.revoke(try call.context.keyID, of: project, account: account, by: actor)
    await settle(position, of: account, project)
    return .seeOther(.keys(of: project), saying: .keyRevoked)
  }

  /// To the key's page, with the key in a cookie that this one answer takes: a reload shows its hint.
  private func shownOnce(_ issued: ProjectKeys.Issued, of account: UUID, _ call: PageCall) async throws -> PageAnswer {
    await settle(issued.position, of: account, issued.projectID)
    let sealed = try await shown.seal(issued.key.secret, for: try call.person().principal, of: issued.id)
    return PageAnswer.seeOther(.key(issued.id, of: issued.projectID)).setting(
      call.cookies.cookie(call.cookies.key, sealed, seconds: 300))
  }

  private func show(_ call: PageCall) async throws -> PageAnswer {
    let visitor = try call.person()
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readAccount)
    let id = try call.context.keyID
    guard let key = try await tenancy.questions.key(id, of: project.id, in: tenant.account.id).value else {
      throw Project.Failure.noSuchKey(id)
    }
    var secret: String?
    if let sealed = call.cookies.value(call.cookies.key, in: call.request) {
      secret = try await shown.open(sealed, for: visitor.principal, of: id)
    }
    let view = KeyView(
      key, of: project, tenant, secret: secret, in: visitor.calendar, now: site.clock.now, once: call.drawn(site),
      address: site.address)
    let answer = PageAnswer.page("tenants/key", title: "Key \(key.name)", view, in: .projects)
    return secret == nil ? answer : answer.setting(call.cookies.without(call.cookies.key)).secret
  }

  private func settle(_ position: Int64?, of account: UUID, _ project: UUID) async {
    _ = await tenancy.settle(Recorded(shard: tenancy.shard(of: account), position: position), keysOf: project)
  }

  private var shown: ShownOnce { ShownOnce(secrets: site.people.secrets) }

  private var commands: ProjectKeys {
    ProjectKeys(log: tenancy.log, clock: tenancy.clock, changes: tenancy.changes)
  }
}

extension Form {
  fileprivate func scopes() throws -> [KeyScope] {
    let scopes = KeyScope.allCases.filter { has("scope-\($0.rawValue)") }
    guard !scopes.isEmpty else { throw Complaint("scopes", "A key opens at least one of the two.") }
    return scopes
  }

  /// In days from now; nil: never.
  fileprivate func expiry(now: Instant) throws -> Instant? {
    guard let text = text("expires_days") else { return nil }
    guard let days = Int64(text), (1...3_650).contains(days) else {
      throw Complaint("expires_days", "This takes a number of days from 1 to 3,650, or nothing.")
    }
    return now + .days(days)
  }

  /// How long a key works on that another takes the place of.
  fileprivate func grace() throws -> Duration {
    guard let hours = Int64(self["grace_hours"]), (0...168).contains(hours) else {
      throw Complaint("grace_hours", "This takes a number of hours from 0 to 168.").problem
    }
    return .hours(hours)
  }
}
