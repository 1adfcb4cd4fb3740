import Domain
import Foundation
import Hummingbird
import Postgres

/// The projects of an account.
struct ProjectRoutes: Sendable {
  private let tenancy: Tenancy
  private let projects, project: String

  init(_ tenancy: Tenancy, queries: QueryCatalog) throws {
    self.tenancy = tenancy
    projects = try queries.text("directory", "projects")
    project = try queries.text("directory", "project")
  }

  func add(to router: Router<RecountContext>) {
    let ofAccount = router.group("/api/v1/accounts/:account_id/projects")
    ofAccount.get(use: list)
    ofAccount.post(use: create)
    let group = router.group("/api/v1/projects/:project_id")
    group.get(use: show)
    group.patch(use: rename)
    group.post("archive", use: archive)
  }

  private func list(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let account = try await tenancy.account(context, .readAccount, of: principal.userID)
    let parameters = ReadParameters(request)
    let limit = try parameters.limit(default: 50, maximum: 500)
    let archived = try parameters.choice("archived", of: ["true", "false"]) == "true"
    let shard = tenancy.shard(of: account)
    let subject: [any PostgresEncodable] = [Int32(shard), account, archived]
    let (rows, asOf) = try await tenancy.models.answer(
      Query(projects, subject + Place.parameters(try parameters.place()) + [Int32(limit + 1)]), of: "directory",
      shard: shard)
    var answer = try Page(limit: limit, rows: rows).members("projects", entry: Self.json) {
      Place(time: try $0.decode("created_at"), id: try $0.decode("project_id")).cursor
    }
    answer["as_of"] = asOf.json
    return .json(answer)
  }

  private func create(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let account = try await tenancy.account(context, of: actor)
    let name = try await JSONBody(request, allowed: ["name"]).text("name")
    var random = SystemRandomNumberGenerator()
    let id =
      try IdempotencyKey(request)?.id(of: "project", in: account, by: actor.userID)
      ?? .v7(milliseconds: tenancy.clock.milliseconds, using: &random)
    let recorded = try await commands { try await $0.create(id, named: name, in: account, by: actor) }
    return .created(
      [
        "project_id": .id(id), "account_id": .id(account), "name": .string(name),
        "in_effect": await tenancy.settle(recorded),
      ], at: "/api/v1/projects/\(id.text)")
  }

  private func show(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let (id, account) = try await tenancy.project(context, .readAccount, of: principal.userID)
    let (rows, asOf) = try await tenancy.models.answer(
      Query(project, [id]), of: "directory", shard: tenancy.shard(of: account))
    guard let row = rows.first else { throw Problem.notYet("the project") }
    return .json(try Self.json(row).merging(["as_of": asOf.json]) { $1 })
  }

  private func rename(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (id, account) = try await home(context, actor)
    let name = try await JSONBody(request, allowed: ["name"]).text("name")
    let recorded = try await commands { try await $0.rename(id, to: name, in: account, by: actor) }
    return .json([
      "project_id": .id(id), "account_id": .id(account), "name": .string(name),
      "in_effect": await tenancy.settle(recorded),
    ])
  }

  private func archive(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (id, account) = try await home(context, actor)
    let recorded = try await commands { try await $0.archive(id, in: account, by: actor) }
    return .json([
      "project_id": .id(id), "account_id": .id(account), "archived": true,
      "in_effect": await tenancy.settle(recorded, keysOf: id),
    ])
  }

  /// The project of the path, which the actor must at least be able to see. The right to the command is decided with it.
  private func home(_ context: RecountContext, _ actor: Actor) async throws -> (id: UUID, account: UUID) {
    try await tenancy.project(context, .readAccount, of: actor.userID)
  }

  private func commands(_ body: (ProjectCommands) async throws -> Recorded) async throws -> Recorded {
    try await body(ProjectCommands(log: tenancy.log, changes: tenancy.changes))
  }

  private static func json(_ row: Row) throws -> [String: JSONValue] {
    [
      "project_id": .id(try row.decode("project_id")), "account_id": .id(try row.decode("account_id")),
      "name": .string(try row.decode("name")), "created_at": .optional(try row.decode("created_at", as: Date?.self)),
      "archived_at": .optional(try row.decode("archived_at", as: Date?.self)),
    ]
  }
}
