import Application
import Domain
import Foundation
import Hummingbird

/// The shared links of a project. A link's address is in the answer that made it, and nowhere after.
struct LinkRoutes: Sendable {
  let tenancy: Tenancy
  /// The origin that people reach the server by.
  let address: String

  func add(to operations: inout Operations) {
    operations.add(.links, list)
    operations.add(.shareLink, share)
    operations.add(.revokeLink, revoke)
  }

  private func list(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let found = try await tenancy.questions.links(
      of: project, in: account, after: call(.place), limit: call(Self.limit))
    let now = tenancy.clock.now
    return .json(found.map { page in page.map { LinkAtTime(link: $0, now: now) } }, in: Self.page)
  }

  private func share(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let body = try await call.body()
    let filters = try LinkFilters { try body(Self.filter($0)) }
    try filters.check(call.context)
    let expiry = try body.mentions(Self.expiry) ? body(Self.expiry) : tenancy.clock.now + Project.defaultLinkLifetime
    let new = ProjectLinks.NewLink(
      name: try body(Self.name), mode: try body(Self.mode) ?? .live, filters: filters, expiresAt: expiry)
    let id = try call.idempotencyKey?.id(of: "link", in: project, by: actor.userID)
    let shared = try await tenancy.linkCommands.share(new, of: project, in: account, id: id, by: actor)
    let link = SharedLink(link: shared.link, url: address + Place.shared(shared.token).path)
    return .created(
      await changed(link, shared.position, of: project, account), in: Self.shared,
      at: "/api/v1/projects/\(project.text)/links/\(shared.link.linkID.text)")
  }

  private func revoke(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let link = try call.context.linkID
    let position = try await tenancy.linkCommands.revoke(link, of: project, in: account, by: actor)
    return .json(
      await changed(RevokedLink(project: project, link: link), position, of: project, account), in: Self.revoked)
  }

  private func changed<Value: Sendable>(
    _ value: Value, _ position: Int64?, of project: UUID, _ account: UUID
  ) async -> Changed<Value> {
    let recorded = Recorded(shard: tenancy.shard(of: account), position: position)
    return Changed(value: value, inEffect: await tenancy.settle(recorded, keysOf: project))
  }
}

extension Tenancy {
  var linkCommands: ProjectLinks { ProjectLinks(log: log, clock: clock, changes: changes) }
}
