import Application
import Domain
import Foundation
import Hummingbird

/// The keys of a project. A key's secret is in the answer that issued it, and nowhere after.
struct KeyRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) {
    operations.add(.keys, list)
    operations.add(.issueKey, issue)
    operations.add(.key, show)
    operations.add(.revokeKey, revoke)
    operations.add(.rotateKey, rotate)
  }

  private func list(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let found = try await tenancy.questions.keys(
      of: project, in: account, after: call(.place), limit: call(Self.limit))
    let now = tenancy.clock.now
    return .json(found.map { page in page.map { KeyAtTime(key: $0, now: now) } }, in: Self.page)
  }

  private func show(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let id = try call.context.keyID
    let found = try await tenancy.questions.key(id, of: project, in: account)
    guard let key = found.value else { throw Project.Failure.noSuchKey(id) }
    return .json(found.map { _ in KeyAtTime(key: key, now: tenancy.clock.now) }, in: Self.one)
  }

  private func issue(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let body = try await call.body()
    let new = ProjectKeys.NewKey(
      name: try body(Self.name), mode: try body(Self.mode) ?? .live,
      scopes: try body(Self.scopes) ?? KeyScope.allCases, expiresAt: try body(Self.expiry))
    let id = try call.idempotencyKey?.id(of: "key", in: project, by: actor.userID)
    let issued = try await commands.issue(new, for: project, of: account, id: id, by: actor)
    return .created(
      await changed(issued, issued.position, of: project, account), in: Self.issued, at: Self.path(issued))
  }

  private func rotate(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let key = try call.context.keyID
    let body = try await call.body()
    let expiry = try body(Self.newExpiry).map(ProjectKeys.Expiry.at)
    let issued = try await commands.rotate(
      key, of: project, account: account,
      grace: try body(Self.grace).map { Duration.seconds($0) } ?? Project.defaultGrace,
      expiry: expiry ?? (body.mentions(Self.newExpiry) ? .never : nil),
      id: try call.idempotencyKey?.id(of: "rotation", in: key, by: actor.userID), by: actor)
    let rotation = Rotation(old: key, issued: await changed(issued, issued.position, of: project, account))
    return .created(rotation, in: Self.rotated, at: Self.path(issued))
  }

  private func revoke(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let key = try call.context.keyID
    let position = try await commands.revoke(key, of: project, account: account, by: actor)
    return .json(
      await changed(Revoked(project: project, key: key), position, of: project, account), in: Self.revoked)
  }

  private func changed<Value: Sendable>(
    _ value: Value, _ position: Int64?, of project: UUID, _ account: UUID
  ) async -> Changed<Value> {
    let recorded = Recorded(shard: tenancy.shard(of: account), position: position)
    return Changed(value: value, inEffect: await tenancy.settle(recorded, keysOf: project))
  }

  private static func path(_ issued: ProjectKeys.Issued) -> String {
    "/api/v1/projects/\(issued.projectID.text)/keys/\(issued.id.text)"
  }

  private var commands: ProjectKeys {
    ProjectKeys(log: tenancy.log, clock: tenancy.clock, changes: tenancy.changes)
  }
}
