import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// The shared links of a project: each shown once, and what to do with it.
struct LinkPages: Sendable {
  let site: Site

  private var tenancy: Tenancy { site.tenancy }

  func add(to pages: inout PageRoutes) {
    pages.get("/projects/{project_id}/links", for: .people) { call in
      try await list(call, NewLinkView(try TrafficAddress(call, call.context.projectID)))
    }
    pages.post("/projects/{project_id}/links", for: .people, share)
    pages.post("/projects/{project_id}/links/{link_id}/revoke", for: .people, revoke)
  }

  private func list(_ call: PageCall, _ new: NewLinkView) async throws -> PageAnswer {
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readAccount)
    let account = tenant.account.id
    async let links = tenancy.questions.links(
      of: project.id, in: account, after: call.place, limit: Self.pageLength)
    async let members = tenancy.questions.members(of: account, limit: Self.mostMembers)
    let made = try await shown(call)
    let view = try await LinksView(
      project, tenant, links.value, members.value.entries, in: call.person().calendar, now: site.clock.now,
      secret: made.map { site.address + $0 }, new: new, once: call.drawn(site))
    let answer = PageAnswer.page(
      "tenants/links", title: "Shared links of \(project.name)", view, status: new.status, in: .projects)
    return made == nil ? answer : answer.setting(call.cookies.without(call.cookies.key)).secret
  }

  private static let pageLength = 100
  /// Those beyond are told apart by nobody.
  private static let mostMembers = 500

  private func share(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (project, account) = try await site.project(of: call, to: .readAccount)
    let filters = LinkFilters { form[$0.rawValue] }
    let mode = form["mode"] == "test" ? KeyMode.test : .live
    do {
      try filters.check(call.context)
      let new = ProjectLinks.NewLink(
        name: try form.name("name", upTo: Project.maximumNameLength), mode: mode, filters: filters,
        expiresAt: try LinkLifetime(form).end(now: site.clock.now))
      let id = IdempotencyKey(form.once).id(of: "link", in: project, by: actor.userID)
      let shared = try await tenancy.linkCommands.share(new, of: project, in: account, id: id, by: actor)
      return try await shownOnce(shared, of: account, call)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      let address = TrafficAddress(project: project).with { ($0.mode, $0.filters) = (mode, filters.byName) }
      return try await list(call, NewLinkView(address, form, complaint))
    }
  }

  /// To the list, with the link in a cookie that this one answer takes: a reload shows its hint.
  private func shownOnce(_ shared: ProjectLinks.Shared, of account: UUID, _ call: PageCall) async throws -> PageAnswer {
    let link = shared.link
    await settle(shared.position, of: account, link.projectID)
    let sealed = try await once.seal(shared.token.secret, for: try call.person().principal, of: link.linkID)
    return PageAnswer.seeOther(.links(of: link.projectID).with([("made", link.linkID.text)])).setting(
      call.cookies.cookie(call.cookies.key, sealed, seconds: 300))
  }

  /// The path of the link that has just been made, the one time.
  private func shown(_ call: PageCall) async throws -> String? {
    guard let made = call.parameter("made").flatMap(UUID.init(uuidString:)),
      let sealed = call.cookies.value(call.cookies.key, in: call.request),
      let secret = try await once.open(sealed, for: try call.person().principal, of: made)
    else { return nil }
    return LinkToken(parsing: secret).map { Place.shared($0).path }
  }

  private func revoke(_ call: PageCall) async throws -> PageAnswer {
    let actor = try await call.actor(site)
    let (project, account) = try await site.project(of: call, to: .readAccount)
    let link = try call.context.linkID
    let position = try await tenancy.linkCommands.revoke(link, of: project, in: account, by: actor)
    await settle(position, of: account, project)
    return .seeOther(.links(of: project), saying: .linkRevoked)
  }

  private func settle(_ position: Int64?, of account: UUID, _ project: UUID) async {
    _ = await tenancy.settle(Recorded(shard: tenancy.shard(of: account), position: position), keysOf: project)
  }

  private var once: ShownOnce { ShownOnce(secrets: site.people.secrets) }
}

/// After how long a link ends by itself.
enum LinkLifetime: Int, CaseIterable {
  case day = 1
  case week = 7
  case month = 30
  case quarter = 90
  case never = 0

  /// Throws ``Complaint``.
  init(_ form: Form) throws {
    guard let days = Int(form["expires_days"]), let lifetime = Self(rawValue: days) else {
      throw Complaint("expires_at", "This takes one of the choices.")
    }
    self = lifetime
  }

  func end(now: Instant) -> Instant? { self == .never ? nil : now + .days(Int64(rawValue)) }

  var title: String {
    switch self {
    case .day: "in a day"
    case .week, .month, .quarter: "in \(rawValue) days"
    case .never: "never"
    }
  }
}
