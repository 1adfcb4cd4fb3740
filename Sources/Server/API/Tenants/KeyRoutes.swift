import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// The keys of a project. A key's secret is in the answer that issued it, and nowhere after.
struct KeyRoutes: Sendable {
  private let tenancy: Tenancy
  private let keys: String

  init(_ tenancy: Tenancy, queries: QueryCatalog) throws {
    self.tenancy = tenancy
    keys = try queries.text("directory", "keys")
  }

  func add(to router: Router<RecountContext>) {
    let group = router.group("/api/v1/projects/:project_id/keys")
    group.get(use: list)
    group.post(use: issue)
    group.get(":key_id", use: show)
    group.delete(":key_id", use: revoke)
    group.post(":key_id/rotate", use: rotate)
  }

  private func list(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let (project, account) = try await tenancy.project(context, .readAccount, of: principal.userID)
    let parameters = ReadParameters(request)
    let limit = try parameters.limit(default: 50, maximum: 500)
    let (rows, asOf) = try await rows(of: project, account, key: nil, after: try parameters.place(), limit: limit + 1)
    let now = tenancy.clock.milliseconds
    var answer = try Page(limit: limit, rows: rows).members("keys") {
      try Self.json($0, now: now)
    } cursor: {
      Place(time: try $0.decode("issued_at"), id: try $0.decode("key_id")).cursor
    }
    answer["as_of"] = asOf.json
    return .json(answer)
  }

  private func show(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let (project, account) = try await tenancy.project(context, .readAccount, of: principal.userID)
    let key = try context.keyID
    let (rows, asOf) = try await rows(of: project, account, key: key, after: nil, limit: 1)
    guard let row = rows.first else { throw Problem.noKey(key.text) }
    return .json(try Self.json(row, now: tenancy.clock.milliseconds).merging(["as_of": asOf.json]) { $1 })
  }

  private func rows(
    of project: UUID, _ account: UUID, key: UUID?, after place: Place?, limit: Int
  ) async throws -> (Rows, ReadModels.AsOf) {
    let shard = tenancy.shard(of: account)
    let subject: [any PostgresEncodable] = [Int32(shard), project, key]
    return try await tenancy.models.answer(
      Query(keys, subject + Place.parameters(place) + [Int32(limit)]), of: "directory", shard: shard)
  }

  private func issue(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (project, account) = try await tenancy.project(context, .manageKeys, of: actor.userID)
    let body = try await JSONBody(request, allowed: ["name", "mode", "scopes", "expires_at"])
    let new = ProjectKeys.NewKey(
      name: try body.text("name"), mode: try body.optionalChoice("mode") ?? .live,
      scopes: try body.optionalChoices("scopes") ?? KeyScope.allCases,
      expiresAt: try body.optionalTime("expires_at")?.milliseconds)
    let id = try IdempotencyKey(request)?.id(of: "key", in: project, by: actor.userID)
    let issued = try await commands.issue(new, for: project, of: account, id: id, by: actor)
    return try await created(issued, project, account, [:])
  }

  private func rotate(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (project, account) = try await tenancy.project(context, .manageKeys, of: actor.userID)
    let key = try context.keyID
    let body = try await JSONBody(request, allowed: ["grace_seconds", "expires_at"])
    let seconds = try body.optionalInteger("grace_seconds", in: 0...Int(Project.maximumGrace / 1000))
    let expiry = try body.optionalTime("expires_at").map { ProjectKeys.Expiry.at($0.milliseconds) }
    let id = try IdempotencyKey(request)?.id(of: "rotation", in: key, by: actor.userID)
    let issued = try await commands.rotate(
      key, of: project, account: account, grace: seconds.map { Int64($0) * 1000 } ?? Project.defaultGrace,
      expiry: expiry ?? (body.mentions("expires_at") ? .never : nil), id: id, by: actor)
    return try await created(
      issued, project, account,
      ["replaces": .object(["key_id": .id(key), "retires_at": .optional(milliseconds: issued.predecessorRetiresAt)])])
  }

  /// The only answer that ever holds a key.
  private func created(
    _ issued: ProjectKeys.Issued, _ project: UUID, _ account: UUID, _ further: [String: JSONValue]
  ) async throws -> Response {
    let recorded = Recorded(shard: tenancy.shard(of: account), position: issued.position)
    var members: [String: JSONValue] = [
      "key_id": .id(issued.id), "project_id": .id(project), "name": .string(issued.name),
      "mode": .string(issued.key.mode.rawValue), "scopes": .array(issued.scopes.map { .string($0.rawValue) }),
      "hint": .string(issued.key.hint), "expires_at": .optional(milliseconds: issued.expiresAt),
      "api_key": .string(issued.key.secret), "in_effect": await tenancy.settle(recorded, keysOf: project),
    ]
    members.merge(further) { $1 }
    return .created(members, at: "/api/v1/projects/\(project.text)/keys/\(issued.id.text)")
  }

  private func revoke(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (project, account) = try await tenancy.project(context, .manageKeys, of: actor.userID)
    let key = try context.keyID
    let position = try await commands.revoke(key, of: project, account: account, by: actor)
    return .json([
      "project_id": .id(project), "key_id": .id(key), "revoked": true,
      "in_effect": await tenancy.settle(
        Recorded(shard: tenancy.shard(of: account), position: position), keysOf: project),
    ])
  }

  private var commands: ProjectKeys {
    ProjectKeys(log: tenancy.log, clock: tenancy.clock, changes: tenancy.changes)
  }
}

extension KeyRoutes {
  private static func json(_ row: Row, now: Int64) throws -> [String: JSONValue] {
    var members: [String: JSONValue] = [
      "key_id": .id(try row.decode("key_id")), "project_id": .id(try row.decode("project_id")),
      "name": .string(try row.decode("name")), "mode": .string(try row.decode("mode")),
      "scopes": .array(try row.decode("scopes", as: [String].self).map { .string($0) }),
      "hint": .string(try row.decode("hint")), "status": .string(try status(row, now: now)),
      "successor_id": .optional(try row.decode("successor_id", as: UUID?.self)),
    ]
    for name in ["issued_at", "expires_at", "revoked_at", "rotated_at", "retires_at", "last_used_at"] {
      members[name] = .optional(try row.decode(name, as: Date?.self))
    }
    return members
  }

  /// What the key is now, by the clock: `rotated` still works, the last three open nothing.
  private static func status(_ row: Row, now: Int64) throws -> String {
    if try row.decode("revoked_at", as: Date?.self) != nil { return "revoked" }
    if let expires = try row.decode("expires_at", as: Date?.self), expires.milliseconds <= now { return "expired" }
    guard let retires = try row.decode("retires_at", as: Date?.self) else { return "active" }
    return retires.milliseconds <= now ? "retired" : "rotated"
  }
}
