import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird

/// What the routes of accounts, projects and keys have in common: who asks, where it goes, what is answered from.
struct Tenancy: Sendable {
  let log: Log
  let vault: Vault
  let authenticator: Authenticator
  let clients: Clients
  let access: Access
  let keys: KeyDirectory
  let links: LinkDirectory
  let questions: Questions
  let follower: DirectoryFollower
  let changes: ChangeLimit
  let clock: any WallClock

  /// The person who makes a call.
  func person(_ call: Call) async throws -> UUID { try await authenticator.principal(of: call.request).userID }

  /// The member behind a call, as the author of a command.
  func actor(_ call: Call) async throws -> Actor {
    let user = try await person(call)
    return Actor(userID: user, origin: try await clients.origin(of: call.request, context: call.context, for: user))
  }

  /// The shard of an account.
  func shard(of account: UUID) -> Int { log.shards.shard(of: account) }

  /// The account of a call's path, with which its person has the right to do what the operation does.
  func account(_ call: Call, of user: UUID) async throws -> UUID {
    let account = try call.context.accountID
    try await access.require(call.action, account: account, of: user)
    return account
  }

  /// The project of a call's path and its account, with which its person has the right to do what the operation does, or another
  /// thing: where the command decides the right, it takes one to see the project at least.
  func project(_ call: Call, of user: UUID, to action: Action? = nil) async throws -> (id: UUID, account: UUID) {
    let id = try call.context.projectID
    return (id, try await access.account(of: id, action ?? call.action, of: user))
  }

  /// The account of a call's path, of which its person may be a member: the command decides what right it takes.
  func account(_ call: Call, of actor: Actor) async throws -> UUID {
    let account = try call.context.accountID
    try await access.requireMembership(of: actor.userID, in: account)
    return account
  }

  /// Whether what was recorded holds already: waits for the directory, for a moment.
  func settle(_ recorded: Recorded) async -> Bool { await follower.follows(recorded) }

  /// The same of what a project's people keep beside its numbers.
  func settle(noted recorded: Recorded) async -> Bool { await follower.follows(recorded, in: "notes") }

  /// The same of something that changed which of a project's keys and shared links work.
  func settle(_ recorded: Recorded, keysOf project: UUID) async -> Bool {
    let holds = await settle(recorded)
    keys.forget(project: project)
    links.forget(project: project)
    return holds
  }
}

extension RecountContext {
  var accountID: UUID { get throws { try id("account_id", .accountNotFound, "account") } }
  var projectID: UUID { get throws { try id("project_id", .projectNotFound, "project") } }
  var keyID: UUID { get throws { try id("key_id", .keyNotFound, "key") } }
  var linkID: UUID { get throws { try id("link_id", .linkNotFound, "shared link") } }
  var memberID: UUID { get throws { try id("user_id", .memberNotFound, "user") } }
  var invitationID: UUID { get throws { try id("invitation_id", .invitationNotFound, "invitation") } }
  var viewID: UUID { get throws { try id("view_id", .viewNotFound, "view") } }
  var annotationID: UUID { get throws { try id("annotation_id", .annotationNotFound, "annotation") } }
  var sessionID: UUID { get throws { try id("session_id", .sessionNotFound, "session") } }

  private func id(_ name: String, _ kind: Problem.Kind, _ thing: String) throws -> UUID {
    let text = parameters.get(name) ?? ""
    guard let id = UUID(uuidString: text) else { throw Problem(kind, "\(text.prefix(64)) is no id of any \(thing)") }
    return id
  }
}

extension JSONValue {
  static func id(_ id: UUID) -> JSONValue { .string(id.text) }
  static func optional(_ id: UUID?) -> JSONValue { id.map { .id($0) } ?? .null }
  static func optional(_ time: Instant?) -> JSONValue { time.map { .string($0.description) } ?? .null }
}

/// Something changed; whether that holds already.
struct Changed<Value: Sendable>: Sendable {
  let value: Value
  let inEffect: Bool
}

extension Field {
  /// What every answer to a change ends with.
  static func inEffect<Changes>() -> Field where Value == Changed<Changes> {
    .boolean(
      "in_effect",
      "Whether the read models show it already, and every server goes by it within half a second. False when they did not follow "
        + "within two seconds: it is recorded, and holds as soon as they do."
    ) { $0.inEffect }
  }
}

extension Shape {
  /// The answer to a change of such a thing.
  func changed(_ name: String? = nil) -> Shape<Changed<Value>> where Value: Sendable {
    extended(name, from: { $0.value }, [.inEffect()])
  }
}

extension Response {
  /// Shows a value in its shape.
  static func json<Value>(
    _ value: Value, in shape: Shape<Value>, status: HTTPResponse.Status = .ok
  ) -> Response {
    var response = Response.json(shape.json(value))
    response.status = status
    return response
  }

  /// Something was created, and stands at a path.
  static func created<Value>(_ value: Value, in shape: Shape<Value>, at path: String) -> Response {
    var response = Response.json(value, in: shape, status: .created)
    response.headers[.location] = path
    return response
  }
}
