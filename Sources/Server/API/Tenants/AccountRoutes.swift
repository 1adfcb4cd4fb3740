import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// The accounts that a person may act for.
struct AccountRoutes: Sendable {
  private let tenancy: Tenancy
  private let accountsOfUser, account: String

  init(_ tenancy: Tenancy, queries: QueryCatalog) throws {
    self.tenancy = tenancy
    accountsOfUser = try queries.text("directory", "accounts_of_user")
    account = try queries.text("directory", "account")
  }

  func add(to router: Router<RecountContext>) {
    router.get("/api/v1/accounts", use: list)
    router.get("/api/v1/accounts/:account_id", use: show)
  }

  private func list(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let parameters = ReadParameters(request)
    let limit = try parameters.limit(default: 50, maximum: 500)
    let last: UUID? = try parameters.cursor(UUID.self)
    let query = Query(accountsOfUser, [principal.userID, last, Int32(limit + 1)])
    let page = Page(limit: limit, rows: try await tenancy.log.pool.query(query))
    let left = try await tenancy.access.left(page.rows, by: principal.userID)
    return .json(
      try page.members("accounts") { row in
        guard try !left.contains(row.decode("account_id")) else { return nil }
        return try Self.json(row).merging(["role": .string(try row.decode("role"))]) { $1 }
      } cursor: {
        Cursor(try $0.decode("account_id", as: UUID.self))
      })
  }

  private func show(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let id = try await tenancy.account(context, .readAccount, of: principal.userID)
    let shard = tenancy.shard(of: id)
    let (rows, asOf) = try await tenancy.models.answer(
      Query(account, [Int32(shard), id]), of: "directory", shard: shard)
    guard let row = rows.first else { throw Problem.notYet("the account") }
    var members = try Self.json(row)
    for name in ["members", "projects"] { members[name] = .integer(Int(try row.decode(name, as: Int64.self))) }
    members["as_of"] = asOf.json
    return .json(members)
  }

  private static func json(_ row: Row) throws -> [String: JSONValue] {
    let tier = Tier(rawValue: try row.decode("tier")) ?? .free
    return [
      "account_id": .id(try row.decode("account_id")), "tier": .string(tier.rawValue),
      "monthly_quota": .integer(Int(try row.decode("monthly_quota", as: Int64.self))),
      "project_limit": .integer(tier.projectLimit),
      "opened_at": .optional(try row.decode("opened_at", as: Date?.self)),
      "closed_at": .optional(try row.decode("closed_at", as: Date?.self)),
    ]
  }
}

extension Problem {
  /// It is in the log, but the read model that shows it has not come to it.
  static func notYet(_ what: String) -> Problem {
    Problem(
      .projectionStopped, "the read model directory has not come to \(what) yet: try again shortly",
      headers: [.retryAfter: "1"])
  }
}
