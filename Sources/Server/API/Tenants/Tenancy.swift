import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Postgres

/// What the routes of accounts, projects and keys have in common: who asks, where it goes, what is answered from.
struct Tenancy: Sendable {
  let log: Log
  let vault: Vault
  let authenticator: Authenticator
  let clients: Clients
  let access: Access
  let keys: KeyDirectory
  let models: ReadModels
  let follower: DirectoryFollower
  let changes: ChangeLimit
  let clock: any WallClock

  /// The member behind a request, as the author of a command.
  func actor(of request: Request, _ context: RecountContext) async throws -> Actor {
    let user = try await authenticator.principal(of: request).userID
    return Actor(userID: user, origin: try await clients.origin(of: request, context: context, for: user))
  }

  /// The shard of an account.
  func shard(of account: UUID) -> Int { log.shards.shard(of: account) }

  /// The account of a request's path, which its person has the right to do this with.
  func account(_ context: RecountContext, _ action: Action, of user: UUID) async throws -> UUID {
    let account = try context.accountID
    try await access.require(action, account: account, of: user)
    return account
  }

  /// The project of a request's path and its account, which its person has the right to do this with.
  func project(
    _ context: RecountContext, _ action: Action, of user: UUID
  ) async throws -> (id: UUID, account: UUID) {
    let id = try context.projectID
    return (id, try await access.account(of: id, action, of: user, orThrow: .noProject(id)))
  }

  /// The account of a request's path, of which its person may be a member: the command decides what right it takes.
  func account(_ context: RecountContext, of actor: Actor) async throws -> UUID {
    let account = try context.accountID
    try await access.requireMembership(of: actor.userID, in: account)
    return account
  }

  /// Whether what was recorded holds already: waits for the directory, for a moment.
  func settle(_ recorded: Recorded) async -> JSONValue { .bool(await follower.follows(recorded)) }

  /// The same of something that changed which of a project's keys work.
  func settle(_ recorded: Recorded, keysOf project: UUID) async -> JSONValue {
    let holds = await settle(recorded)
    keys.forget(project: project)
    return holds
  }
}

extension RecountContext {
  var accountID: UUID { get throws { try id("account_id", .accountNotFound, "account") } }
  var projectID: UUID { get throws { try id("project_id", .projectNotFound, "project") } }
  var keyID: UUID { get throws { try id("key_id", .keyNotFound, "key") } }
  var memberID: UUID { get throws { try id("user_id", .memberNotFound, "user") } }
  var invitationID: UUID { get throws { try id("invitation_id", .invitationNotFound, "invitation") } }

  private func id(_ name: String, _ kind: Problem.Kind, _ thing: String) throws -> UUID {
    let text = parameters.get(name) ?? ""
    guard let id = UUID(uuidString: text) else { throw Problem(kind, "\(text.prefix(64)) is no id of any \(thing)") }
    return id
  }
}

extension Problem {
  /// The same for a project that isn't there and one that is someone else's: ids can't be probed.
  static func noProject(_ id: UUID) -> Problem {
    Problem(.projectNotFound, "you are a member of no account with a project \(id.text)")
  }
}

extension UUID {
  /// As the API writes it (RFC 9562, section 4).
  var text: String { uuidString.lowercased() }
}

extension JSONValue {
  static func id(_ id: UUID) -> JSONValue { .string(id.text) }
  static func optional(_ id: UUID?) -> JSONValue { id.map { .id($0) } ?? .null }
  static func optional(_ time: Date?) -> JSONValue { time.map { .string(Timestamp.text($0)) } ?? .null }
  static func optional(milliseconds: Int64?) -> JSONValue {
    milliseconds.map { .string(Timestamp.text(milliseconds: $0)) } ?? .null
  }
}

extension Response {
  /// Something was created, and stands at a path.
  static func created(_ members: [String: JSONValue], at path: String) -> Response {
    var response = Response.json(members)
    response.status = .created
    response.headers[.location] = path
    return response
  }
}
