import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Postgres

/// What a person sees of themselves, and changes.
struct MeRoutes: Sendable {
  let people: People
  let rules: PasswordRules
  let entrance: Entrance
  private let access: Access
  private let accountsQuery: String
  private let sessionsQuery: String

  init(
    people: People, rules: PasswordRules, entrance: Entrance, queries: QueryCatalog
  ) throws {
    self.people = people
    self.rules = rules
    self.entrance = entrance
    access = try Access(log: people.log, queries: queries)
    accountsQuery = try queries.text("directory", "accounts_of_user")
    sessionsQuery = try queries.text("people", "sessions_of_user")
  }

  private var authenticator: Authenticator { entrance.authenticator }
  private var clients: Clients { entrance.clients }

  func add(to router: Router<RecountContext>) {
    let me = router.group("/api/v1/me")
    me.get("", use: show)
    me.patch("", use: change)
    me.delete("", use: delete)
    me.post("restore", use: restore)
    me.post("password", use: changePassword)
    me.post("email", use: changeEmail)
    me.post("email/confirm", use: confirmEmail)
    me.get("sessions", use: sessions)
    me.delete("sessions/:session_id", use: revoke)
  }

  private func show(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    return try await answer(try await people.user(principal.userID), principal)
  }

  private func change(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let change = try Self.change(try await JSONBody(request, allowed: ["name", "time_zone"]))
    let client = clients.client(of: request, context: context)
    let user = try await ChangeProfile(people: people)(change, of: principal, from: client)
    return try await answer(user, principal)
  }

  private func delete(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let password = try await JSONBody(request, allowed: ["password"]).text("password")
    let client = clients.client(of: request, context: context)
    let user = try await RequestDeletion(people: people)(of: principal, password: password, from: client)
    var response = try await answer(user, principal)
    response.status = .accepted
    return response
  }

  private func restore(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let client = clients.client(of: request, context: context)
    return try await answer(try await CancelDeletion(people: people)(of: principal, from: client), principal)
  }

  private func changePassword(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let body = try await JSONBody(request, allowed: ["current_password", "new_password"])
    try await ChangePassword(people: people, rules: rules)(
      of: principal, current: try body.text("current_password"), new: try body.text("new_password"),
      from: clients.client(of: request, context: context))
    authenticator.forget(principal.userID, ended: [])
    return .message(.ok, "the password is changed, and all other sessions have ended")
  }

  private func changeEmail(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let body = try await JSONBody(request, allowed: ["email", "password"])
    let (email, password) = (try body.email("email"), try body.text("password"))
    let client = clients.client(of: request, context: context)
    try await RequestEmailChange(people: people)(of: principal, to: email, password: password, from: client)
    return .message(.accepted, "a mail is on its way to the new address: open its link to move there")
  }

  private func confirmEmail(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let token = try await JSONBody(request, allowed: ["token"]).text("token")
    let client = clients.client(of: request, context: context)
    try await ConfirmEmailChange(people: people)(of: principal, token: token, from: client)
    return try await answer(try await people.user(principal.userID), principal)
  }

  private func sessions(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let shard = people.log.shards.shard(of: principal.userID)
    let now = Date(timeIntervalSince1970: Double(people.clock.milliseconds) / 1000)
    let (rows, asOf) = try await ReadModels(pool: people.log.pool).answer(
      Query(sessionsQuery, [Int32(shard), principal.userID, now]), of: "people", shard: shard)
    var sessions: [JSONValue] = []
    for row in rows { sessions.append(.object(try await session(row, principal))) }
    return .json(["sessions": .array(sessions), "as_of": asOf.json])
  }

  private func revoke(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    let text = context.parameters.get("session_id") ?? ""
    guard let session = UUID(uuidString: text) else {
      throw Problem(.sessionNotFound, "you have no session \(text.prefix(64))")
    }
    let client = clients.client(of: request, context: context)
    try await RevokeSession(people: people)(session, of: principal, from: client)
    authenticator.forget(principal.userID, ended: [session])
    return .message(.ok, "the session has ended")
  }
}

extension MeRoutes {
  private static func change(_ body: JSONBody) throws -> ChangeProfile.Change {
    var change = ChangeProfile.Change()
    if body.mentions("name") {
      let text = try body.optionalText("name")
      let name = text.flatMap(ChangeProfile.name)
      guard text == nil || name != nil else {
        throw JSONBody.invalid(
          "name", text ?? "",
          allowed: "\(NameRule.allowed(maximumCharacters: ChangeProfile.maximumNameLength)); or null for none")
      }
      change.name = .some(name)
    }
    if body.mentions("time_zone") {
      let zone = try body.optionalText("time_zone")
      guard zone.map(TimeZoneName.isOne) ?? true else {
        throw JSONBody.invalid(
          "time_zone", zone ?? "", allowed: "a name of the IANA database such as Europe/Berlin, or null for none")
      }
      change.timeZone = .some(zone)
    }
    return change
  }

  private func answer(_ user: User, _ principal: Principal) async throws -> Response {
    let id = principal.userID
    guard user.isPresent, let email = try await people.vault.open(user.emailSealed, of: id) else {
      throw Problem.sessionEnded
    }
    var name: String?
    if let sealed = user.nameSealed { name = try await people.vault.open(sealed, of: id) }
    let page: [any PostgresEncodable] = [id, nil as UUID?, Int32(100)]
    let rows = try await people.log.pool.query(Query(accountsQuery, page))
    let left = try await access.left(rows, by: id)
    let accounts = try rows.filter { try !left.contains($0.decode("account_id")) }.map { try Self.account($0) }
    return .json([
      "user_id": .string(id.uuidString.lowercased()), "email": .string(email),
      "email_verified": .bool(user.isVerified), "name": name.map(JSONValue.string) ?? .null,
      "time_zone": user.timeZone.map(JSONValue.string) ?? .null,
      "deletion_due_at": user.deletionDue.map(JSONValue.time) ?? .null, "accounts": .array(accounts),
    ])
  }

  private static func account(_ row: Row) throws -> JSONValue {
    .object([
      "account_id": .string(try row.decode("account_id", as: UUID.self).uuidString.lowercased()),
      "role": .string(try row.decode("role")), "tier": .string(try row.decode("tier")),
    ])
  }

  private func session(_ row: Row, _ principal: Principal) async throws -> [String: JSONValue] {
    let id = try row.decode("session_id", as: UUID.self)
    var client: Client?
    if let sealed = try row.decode("client_sealed", as: String?.self) {
      client = try await people.vault.open(sealed, of: principal.userID).flatMap(Client.init(text:))
    }
    func time(_ column: String) throws -> JSONValue { .string(Timestamp.text(try row.decode(column))) }
    return [
      "session_id": .string(id.uuidString.lowercased()), "current": .bool(id == principal.sessionID),
      "address": client.map { .string($0.address) } ?? .null,
      "user_agent": client.map { .string($0.userAgent) } ?? .null, "started_at": try time("started_at"),
      "last_used_at": try time("last_used_at"), "expires_at": try time("expires_at"),
    ]
  }
}
