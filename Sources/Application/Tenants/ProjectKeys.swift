package import Domain
package import EventLog
package import Foundation

/// Issues, rotates and revokes keys of a project: for a member, whose right is decided on the way, or for the operator's command line.
package struct ProjectKeys: Sendable {
  package let log: Log
  package let clock: any WallClock
  /// None for the operator.
  private let changes: ChangeLimit?

  /// Over an open log.
  package init(log: Log, clock: any WallClock = SystemClock()) { self.init(log: log, clock: clock, changes: nil) }

  package init(log: Log, clock: any WallClock, changes: ChangeLimit?) {
    self.log = log
    self.clock = clock
    self.changes = changes
  }

  /// A key to be issued.
  package struct NewKey: Sendable {
    /// What its owners call it.
    package var name: String
    /// Live or test.
    package var mode: KeyMode
    /// What it opens.
    package var scopes: [KeyScope]
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?

    /// A key to be issued.
    package init(name: String, mode: KeyMode, scopes: [KeyScope], expiresAt: Instant? = nil) {
      self.name = name
      self.mode = mode
      self.scopes = scopes
      self.expiresAt = expiresAt
    }
  }

  /// A key just issued, to be shown once: only its hash is recorded.
  package struct Issued: Sendable {
    /// By which it is listed, rotated and revoked.
    package var id: UUID
    /// The key itself.
    package var key: APIKey
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?
    /// The project it opens.
    package var projectID: UUID
    /// What it is called.
    package var name: String
    /// What it opens.
    package var scopes: [KeyScope]
    /// When the key that it replaces stops working; nil where it replaces none.
    package var predecessorRetiresAt: Instant?
    /// Where it stands in its shard's log.
    package var position: Int64?
  }

  /// A new key. Throws `Project.Failure`.
  package func issue(
    _ new: NewKey, for project: UUID, of account: UUID, id: UUID? = nil, by actor: Actor? = nil
  ) async throws -> Issued {
    let now = clock.now
    let drawn = try IssuedKey(
      name: new.name, mode: new.mode, scopes: new.scopes, id: id ?? newID(now), expiresAt: new.expiresAt)
    let appended = try await handle(project, of: account, by: actor) {
      try $0.decide(.issueKey(drawn.request, at: now))
    }
    return try Issued(drawn.key, appended)
  }

  /// A new key in the place of another, with its name, mode and scopes; the other works on for a while. Throws `Project.Failure`.
  ///
  /// - Parameters:
  ///   - grace: how long.
  ///   - expiry: when the new key expires, if ever; nil: when the old one would have.
  package func rotate(
    _ key: UUID, of project: UUID, account: UUID, grace: Duration = Project.defaultGrace, expiry: Expiry? = nil,
    id: UUID? = nil, by actor: Actor? = nil
  ) async throws -> Issued {
    let now = clock.now
    let id = id ?? newID(now)
    var drawn: APIKey?
    let appended = try await handle(project, of: account, by: actor) { state in
      guard let known = state.keys[key] else { throw Project.Failure.noSuchKey(key) }
      let expiresAt = expiry.map(\.instant) ?? known.expiresAt
      let issued = try IssuedKey(
        name: known.name, mode: known.mode, scopes: known.scopes, id: id, expiresAt: expiresAt)
      drawn = issued.key
      let rotation = Project.KeyRotation(
        successorID: id, hint: issued.request.hint, hash: issued.request.hash, expiresAt: expiresAt, grace: grace)
      return try state.decide(.rotateKey(key, rotation, at: now))
    }
    guard let drawn else { throw Project.Failure.noSuchKey(key) }
    return try Issued(drawn, appended)
  }

  /// When a key stops working by itself.
  package enum Expiry: Sendable {
    case never
    case at(Instant)

    var instant: Instant? {
      switch self {
      case .never: nil
      case .at(let instant): instant
      }
    }
  }

  /// From now on the key opens nothing; revoking it again changes nothing. Where that stands in the shard's log, nil if it was so
  /// already. Throws `Project.Failure.noSuchKey`.
  @discardableResult
  package func revoke(_ key: UUID, of project: UUID, account: UUID, by actor: Actor? = nil) async throws -> Int64? {
    try await handle(project, of: account, by: actor) { try $0.decide(.revokeKey(key)) }.position
  }

  private func handle(
    _ project: UUID, of account: UUID, by actor: Actor?, _ decide: (Project) throws -> [Project.Event]
  ) async throws -> Appended<Project> {
    let shard = log.shards.shard(of: account)
    let stream = StreamID.project(project, of: account, shard: shard)
    return try await log.handle(Project.self, on: stream, from: actor?.origin) { project in
      if let actor {
        let state = try await log.load(Account.self, from: .account(account, shard: shard)).state
        try Access.check(.manageKeys, on: state, account, of: actor.userID)
      }
      let events = try decide(project)
      if !events.allSatisfy(\.takesAway) { try await changes?.take(account) }
      return events
    }
  }

  private func newID(_ now: Instant) -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(at: now, using: &random)
  }
}

extension ProjectKeys.Issued {
  /// As the log has it.
  fileprivate init(_ key: APIKey, _ appended: Appended<Project>) throws {
    var issued: KeyIssued?
    for event in appended.events {
      switch event {
      case .keyIssued(let data): issued = data
      case .keyRotated(let data): predecessorRetiresAt = data.retiresAt
      default: break
      }
    }
    guard let issued else { throw Project.Failure.notCreated }
    (id, expiresAt, name, scopes) = (issued.keyID, issued.expiresAt, issued.name, issued.scopes)
    projectID = issued.projectID
    self.key = key
    position = appended.position
  }
}
