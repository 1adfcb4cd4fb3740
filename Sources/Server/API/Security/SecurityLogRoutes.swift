import EventLog
import Foundation
import Hummingbird
import Postgres

/// Who did what, when and from where: of an account, for those who answer for it, and of oneself.
struct SecurityLogRoutes: Sendable {
  private let log: Log
  private let vault: Vault
  private let authenticator: Authenticator
  private let access: Access
  private let models: ReadModels
  private let ofAccount: String
  private let ofUser: String

  init(log: Log, authenticator: Authenticator, access: Access, queries: QueryCatalog) throws {
    self.log = log
    self.authenticator = authenticator
    self.access = access
    vault = Vault(pool: log.pool)
    models = ReadModels(pool: log.pool)
    ofAccount = try queries.text("security", "account")
    ofUser = try queries.text("security", "user")
  }

  func add(to router: Router<RecountContext>) {
    router.get("/api/v1/accounts/:account_id/security-log", use: account)
    router.get("/api/v1/me/security-log", use: me)
  }

  private func account(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let id = try context.accountID
    try await access.require(.readAuditLog, account: id, of: principal)
    return try await page(ofAccount, of: id, as: "account_id", request)
  }

  private func me(_ request: Request, _: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    return try await page(ofUser, of: principal.userID, as: "user_id", request)
  }

  private func page(_ query: String, of id: UUID, as name: String, _ request: Request) async throws -> Response {
    let parameters = ReadParameters(request)
    let kind = try parameters.choice("kind", of: SecurityEntry.kinds)
    let limit = try parameters.limit(default: 50, maximum: 500)
    let after = try parameters.securityEntry()
    let shard = log.shards.shard(of: id)
    // One row more than asked for tells whether there is a next page.
    let (rows, asOf) = try await models.answer(
      Query(
        query, [Int32(shard), id, kind, after?.time.microseconds, after?.shard, after?.position, Int32(limit + 1)]),
      of: "security", shard: shard)
    let entries = try rows.prefix(limit).map(SecurityEntry.init(row:))
    let clients = try await vault.open(entries.map(\.sealedClient))
    return .json([
      name: .string(id.uuidString.lowercased()),
      "entries": .array(zip(entries, clients).map { $0.json(client: $1) }),
      "next_cursor": rows.count > limit ? entries.last.map { .string($0.cursor.text) } ?? .null : .null,
      "as_of": asOf.json,
    ])
  }
}
