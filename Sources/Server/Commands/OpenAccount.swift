import Crypto
public import Domain
public import EventLog
public import Foundation

/// Opens an account with its first project and key: what a sign-up does, and `recount account open`.
///
/// Three appends, because a person, an address and an account may live on different shards; each can be repeated. A crash
/// between them leaves at most an address claimed by a person without an account, and the same command again goes on from there.
public struct OpenAccount: Sendable {
  let log: Log
  let vault: Vault
  let clock: any WallClock

  /// Over an open log.
  public init(log: Log, vault: Vault, clock: any WallClock = SystemClock()) {
    self.log = log
    self.vault = vault
    self.clock = clock
  }

  /// What was opened. The key is nowhere else: only its hash is stored.
  public struct Opened: Sendable {
    /// The tenant.
    public var accountID: UUID
    /// Its first project.
    public var projectID: UUID
    /// The first key's id, by which it is revoked.
    public var keyID: UUID
    /// The project's first key, to be shown once.
    public var apiKey: APIKey
    /// Where the account's events end, and on which shard.
    public var position: Int64?
    /// The account's shard.
    public var shard: Int
  }

  /// Opens an account for the owner of an address; one person may own several accounts. Throws `Project.Failure` for a name
  /// that won't do, `LogError` and `PostgresError`.
  public func callAsFunction(email: EmailAddress, project name: String, tier: Tier) async throws -> Opened {
    let owner = try await person(with: email)
    let (accountID, projectID) = (newID(), newID())
    let shard = log.shards.shard(of: accountID)
    let issued = try IssuedKey(name: "first key", mode: .live, scopes: KeyScope.allCases, id: newID())
    let accountStream = Stream.account(accountID, shard: shard)
    let projectStream = Stream.project(projectID, of: accountID, shard: shard)

    var account = Account()
    var accountEvents = try account.decide(.open(id: accountID, tier: tier, owner: owner))
    accountEvents.forEach { account.evolve($0) }
    accountEvents += try account.decide(.addProject(projectID))
    var project = Project()
    var projectEvents = try project.decide(.create(id: projectID, accountID: accountID, name: name))
    projectEvents.forEach { project.evolve($0) }
    projectEvents += try project.decide(.issueKey(issued.request, at: clock.milliseconds))

    let units =
      try Log.units(accountEvents, on: accountStream, after: 0) + Log.units(projectEvents, on: projectStream, after: 0)
    let appended = try await log.handle(on: accountStream.name) {
      Prepared(events: accountEvents, units: units, shard: shard)
    }
    return Opened(
      accountID: accountID, projectID: projectID, keyID: issued.request.id, apiKey: issued.key,
      position: appended.position, shard: shard)
  }

  /// The person whose address it is, registered now if nobody has it.
  private func person(with email: EmailAddress) async throws -> UUID {
    let digest = try await vault.digest(email)
    let candidate = newID()
    let claim = EmailClaim.Command.claim(EmailClaimed(emailDigest: digest, userID: candidate))
    let owner: UUID
    do {
      try await log.handle(claim, by: EmailClaim.self, on: .email(digest, shards: log.shards))
      owner = candidate
    } catch EmailClaim.Failure.taken(let existing) {
      owner = existing
    }
    let sealed = try await vault.seal(email.normalized, for: owner)
    let registration = UserRegistered(userID: owner, emailDigest: digest, emailSealed: sealed)
    try await log.handle(
      .register(registration), by: User.self, on: .user(owner, shard: log.shards.shard(of: owner)))
    return owner
  }

  private func newID() -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(milliseconds: clock.milliseconds, using: &random)
  }
}
