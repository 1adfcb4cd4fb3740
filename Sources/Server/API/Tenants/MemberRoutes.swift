import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// Who may act for an account, and as what.
struct MemberRoutes: Sendable {
  private let tenancy: Tenancy
  private let members: String

  init(_ tenancy: Tenancy, queries: QueryCatalog) throws {
    self.tenancy = tenancy
    members = try queries.text("directory", "members")
  }

  func add(to router: Router<RecountContext>) {
    let group = router.group("/api/v1/accounts/:account_id/members")
    group.get(use: list)
    group.patch(":user_id", use: change)
    group.delete(":user_id", use: remove)
  }

  private func list(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let account = try await tenancy.account(context, .readAccount, of: principal.userID)
    let parameters = ReadParameters(request)
    let limit = try parameters.limit(default: 50, maximum: 100)
    let shard = tenancy.shard(of: account)
    let place = Place.parameters(try parameters.place())
    let (rows, asOf) = try await tenancy.models.answer(
      Query(members, [Int32(shard), account] + place + [Int32(limit + 1)]), of: "directory", shard: shard)
    // Opened before the page is put together, which can't wait.
    var people: [UUID: [String: JSONValue]] = [:]
    for row in rows.prefix(limit) {
      let user: UUID = try row.decode("user_id")
      people[user] = [
        "email": try await open(row, "email_sealed", of: user), "name": try await open(row, "name_sealed", of: user),
      ]
    }
    var answer = try Page(limit: limit, rows: rows).members("members") { row in
      let user: UUID = try row.decode("user_id")
      return [
        "user_id": .id(user), "role": .string(try row.decode("role")),
        "added_at": .optional(try row.decode("added_at", as: Date?.self)),
      ].merging(people[user] ?? [:]) { $1 }
    } cursor: {
      Place(time: try $0.decode("added_at"), id: try $0.decode("user_id")).cursor
    }
    answer["as_of"] = asOf.json
    return .json(answer)
  }

  /// Null for what isn't set, and for a person who has been erased.
  private func open(_ row: Row, _ column: String, of user: UUID) async throws -> JSONValue {
    guard let sealed = try row.decode(column, as: String?.self) else { return .null }
    return try await tenancy.vault.open(sealed, of: user).map { .string($0) } ?? .null
  }

  private func change(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (account, member) = (try await tenancy.account(context, of: actor), try context.memberID)
    guard let role: Account.Role = try await JSONBody(request, allowed: ["role"]).optionalChoice("role") else {
      let roles = Account.Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw JSONBody.invalid("role", "nothing", allowed: roles)
    }
    let recorded = try await AccountCommands(log: tenancy.log, changes: tenancy.changes).change(
      member, to: role, in: account, by: actor)
    return .json([
      "account_id": .id(account), "user_id": .id(member), "role": .string(role.rawValue),
      "in_effect": await tenancy.settle(recorded),
    ])
  }

  /// Removing oneself is leaving.
  private func remove(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (account, member) = (try await tenancy.account(context, of: actor), try context.memberID)
    let recorded = try await AccountCommands(log: tenancy.log, changes: tenancy.changes).change(
      member, to: nil, in: account, by: actor)
    return .json([
      "account_id": .id(account), "user_id": .id(member), "role": .null, "in_effect": await tenancy.settle(recorded),
    ])
  }
}
