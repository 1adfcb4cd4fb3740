public import Domain
public import EventLog
public import Foundation

/// Issues, rotates and revokes keys of a project: for a member, whose right is decided on the way, or for the operator's command line.
public struct ProjectKeys: Sendable {
  let log: Log
  let clock: any WallClock
  /// None for the operator.
  private let changes: ChangeLimit?

  /// Over an open log.
  public init(log: Log, clock: any WallClock = SystemClock()) { self.init(log: log, clock: clock, changes: nil) }

  init(log: Log, clock: any WallClock, changes: ChangeLimit?) {
    self.log = log
    self.clock = clock
    self.changes = changes
  }

  /// A key to be issued.
  public struct NewKey: Sendable {
    /// What its owners call it.
    public var name: String
    /// Live or test.
    public var mode: KeyMode
    /// What it opens.
    public var scopes: [KeyScope]
    /// When it stops working by itself, in milliseconds since 1970; nil: never.
    public var expiresAt: Int64?

    /// A key to be issued.
    public init(name: String, mode: KeyMode, scopes: [KeyScope], expiresAt: Int64? = nil) {
      self.name = name
      self.mode = mode
      self.scopes = scopes
      self.expiresAt = expiresAt
    }
  }

  /// A key just issued, to be shown once: only its hash is recorded.
  public struct Issued: Sendable {
    /// By which it is listed, rotated and revoked.
    public var id: UUID
    /// The key itself.
    public var key: APIKey
    /// When it stops working by itself, in milliseconds since 1970; nil: never.
    public var expiresAt: Int64?
    /// What it is called.
    public var name: String
    /// What it opens.
    public var scopes: [KeyScope]
    /// When the key that it replaces stops working, in milliseconds since 1970; nil where it replaces none.
    public var predecessorRetiresAt: Int64?
    /// Where it stands in its shard's log.
    public var position: Int64?
  }

  /// A new key. Throws `Project.Failure`.
  public func issue(
    _ new: NewKey, for project: UUID, of account: UUID, id: UUID? = nil, by actor: Actor? = nil
  ) async throws -> Issued {
    let now = clock.milliseconds
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
  ///   - grace: how long, in milliseconds.
  ///   - expiry: when the new key expires, if ever; nil: when the old one would have.
  public func rotate(
    _ key: UUID, of project: UUID, account: UUID, grace: Int64 = Project.defaultGrace, expiry: Expiry? = nil,
    id: UUID? = nil, by actor: Actor? = nil
  ) async throws -> Issued {
    let now = clock.milliseconds
    let id = id ?? newID(now)
    var drawn: APIKey?
    let appended = try await handle(project, of: account, by: actor) { state in
      guard let known = state.keys[key] else { throw Project.Failure.noSuchKey(key) }
      let expiresAt = expiry.map(\.milliseconds) ?? known.expiresAt
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
  public enum Expiry: Sendable {
    case never
    /// In milliseconds since 1970.
    case at(Int64)

    var milliseconds: Int64? {
      switch self {
      case .never: nil
      case .at(let milliseconds): milliseconds
      }
    }
  }

  /// From now on the key opens nothing; revoking it again changes nothing. Where that stands in the shard's log, nil if it was so
  /// already. Throws `Project.Failure.noSuchKey`.
  @discardableResult
  public func revoke(_ key: UUID, of project: UUID, account: UUID, by actor: Actor? = nil) async throws -> Int64? {
    try await handle(project, of: account, by: actor) { try $0.decide(.revokeKey(key)) }.position
  }

  private func handle(
    _ project: UUID, of account: UUID, by actor: Actor?, _ decide: (Project) throws -> [Project.Event]
  ) async throws -> Appended<Project.Event> {
    let shard = log.shards.shard(of: account)
    let stream = EventLog.Stream.project(project, of: account, shard: shard)
    return try await log.handle(on: stream.name) {
      if let actor {
        let state = try await log.load(Account.self, from: .account(account, shard: shard)).state
        try Access.check(.manageKeys, on: state, account, of: actor.userID)
      }
      let (state, version) = try await log.load(Project.self, from: stream)
      let events = try decide(state)
      if !events.allSatisfy(\.takesAway) { try await changes?.take(account) }
      let units = try Log.units(events, on: stream, after: version, from: actor?.origin)
      return Prepared(events: events, units: units, shard: shard)
    }
  }

  private func newID(_ now: Int64) -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(milliseconds: now, using: &random)
  }
}

extension ProjectKeys.Issued {
  /// As the log has it.
  fileprivate init(_ key: APIKey, _ appended: Appended<Project.Event>) throws {
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
    self.key = key
    position = appended.position
  }
}
