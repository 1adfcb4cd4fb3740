import Crypto
package import Domain
package import EventLog
package import Foundation

/// Shares links to a project's numbers, and revokes them: for a member, whose right is decided on the way.
package struct ProjectLinks: Sendable {
  private let log: Log
  private let clock: any WallClock
  private let changes: ChangeLimit

  /// Over an open log.
  package init(log: Log, clock: any WallClock, changes: ChangeLimit) {
    self.log = log
    self.clock = clock
    self.changes = changes
  }

  /// A link to be shared.
  package struct NewLink: Sendable {
    /// What its members call it.
    package var name: String
    /// Which events it shows the numbers of.
    package var mode: KeyMode
    /// Under which filters, for good.
    package var filters: LinkFilters
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?

    /// A link to be shared.
    package init(name: String, mode: KeyMode, filters: LinkFilters, expiresAt: Instant?) {
      (self.name, self.mode, self.filters, self.expiresAt) = (name, mode, filters, expiresAt)
    }
  }

  /// A link just shared, whose token is to be shown once: only its hash is recorded.
  package struct Shared: Sendable {
    /// As the log has it.
    package let link: LinkShared
    /// The token itself.
    package let token: LinkToken
    /// Where it stands in its shard's log.
    package let position: Int64?
  }

  /// A new link. Throws `Project.Failure`.
  package func share(
    _ new: NewLink, of project: UUID, in account: UUID, id: UUID? = nil, by actor: Actor
  ) async throws -> Shared {
    let now = clock.now
    var random = SystemRandomNumberGenerator()
    let token = try LinkToken(
      randomBytes: (0..<APIKey.randomByteCount).map { _ in UInt8.random(in: 0...255, using: &random) })
    let request = Project.LinkRequest(
      id: id ?? .v7(at: now, using: &random), name: new.name, mode: new.mode, filters: new.filters, hint: token.hint,
      hash: Hex.text(SHA256.hash(data: Data(token.secret.utf8))), expiresAt: new.expiresAt)
    let appended = try await handle(project, of: account, by: actor) { try $0.decide(.shareLink(request, at: now)) }
    guard case .linkShared(let link)? = appended.events.first else { throw Project.Failure.notCreated }
    return Shared(link: link, token: token, position: appended.position)
  }

  /// From now on the link shows nothing; revoking it again changes nothing. Where that stands in the shard's log, nil if it was so
  /// already. Throws `Project.Failure.noSuchLink`.
  package func revoke(_ link: UUID, of project: UUID, in account: UUID, by actor: Actor) async throws -> Int64? {
    try await handle(project, of: account, by: actor) { try $0.decide(.revokeLink(link)) }.position
  }

  private func handle(
    _ project: UUID, of account: UUID, by actor: Actor, _ decide: (Project) throws -> [Project.Event]
  ) async throws -> Appended<Project> {
    let shard = log.shards.shard(of: account)
    let stream = StreamID.project(project, of: account, shard: shard)
    return try await log.handle(Project.self, on: stream, from: actor.origin) { project in
      let state = try await log.load(Account.self, from: .account(account, shard: shard)).state
      try Access.check(.manageLinks, on: state, account, of: actor.userID)
      let events = try decide(project)
      if !events.allSatisfy(\.takesAway) { try await changes.take(account) }
      return events
    }
  }
}
