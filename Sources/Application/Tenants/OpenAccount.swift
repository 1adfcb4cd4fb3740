import Crypto
package import Domain
package import EventLog
package import Foundation

/// Opens an account with its first project and key: what a sign-up does, and `recount account open`.
///
/// Three appends, because a person, an address and an account may live on different shards; each can be repeated. A crash
/// between them leaves at most an address claimed by a person without an account, and the same command again goes on from there.
package struct OpenAccount: Sendable {
  package let log: Log
  package let vault: Vault
  package let clock: any WallClock
  private let secrets: Secrets

  /// Over an open log.
  package init(log: Log, vault: Vault, clock: any WallClock = SystemClock()) {
    self.log = log
    self.vault = vault
    self.clock = clock
    secrets = Secrets(vault: vault)
  }

  /// What was opened. The key is nowhere else: only its hash is stored.
  package struct Opened: Sendable {
    /// The tenant.
    package var accountID: UUID
    /// Its first project.
    package var projectID: UUID
    /// The first key's id, by which it is revoked.
    package var keyID: UUID
    /// The project's first key, to be shown once.
    package var apiKey: APIKey
    /// Where the account's events end, and on which shard.
    package var position: Int64?
    /// The account's shard.
    package var shard: Int
    /// Why the owner gets no mail by which to choose a password; nil where nothing stands in the way.
    package var welcomeFailure: (any Error)?
  }

  /// Opens an account for the owner of an address; one person may own several accounts. Throws `Project.Failure` for a name
  /// that won't do, `LogError` and `PostgresError`.
  ///
  /// - Parameters:
  ///   - project: what the first project is called.
  ///   - account: what the account is called; nil leaves that to its members.
  package func callAsFunction(
    email: EmailAddress, project name: String, tier: Tier, account: String? = nil
  ) async throws -> Opened {
    let owner = try await person(with: email)
    let (accountID, projectID) = (newID(), newID())
    let shard = log.shards.shard(of: accountID)
    let issued = try IssuedKey(name: "first key", mode: .live, scopes: KeyScope.allCases, id: newID())
    let (stream, now) = (StreamID.account(accountID, shard: shard), clock.now)
    let opened = try await log.handle(on: stream.name) { change in
      let named = account.map { [Account.Command.name($0)] } ?? []
      let commands = [.open(id: accountID, tier: tier, owner: owner)] + named + [.addProject(projectID, at: now)]
      try change.append(Account().decide(commands), to: change.begin(Account.self, as: stream))
      let first: [Project.Command] = [
        .create(id: projectID, accountID: accountID, name: name), .issueKey(issued.request, at: now),
      ]
      let project = StreamID.project(projectID, of: accountID, shard: shard)
      try change.append(Project().decide(first), to: change.begin(Project.self, as: project))
    }
    return Opened(
      accountID: accountID, projectID: projectID, keyID: issued.request.id, apiKey: issued.key,
      position: opened.position, shard: shard, welcomeFailure: await welcome(owner))
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

  /// A mail lets whoever never signed up choose a password: without one nobody could use the account. Once it is there, so that nobody
  /// is told of what is not; and without throwing, since the account's key is in nobody's hands yet.
  private func welcome(_ owner: UUID) async -> (any Error)? {
    do {
      let token = TokenIssued(
        newID(), for: .setPassword, of: owner, at: clock.now, key: try await secrets.key(.mailTokenKey))
      try await log.handle(.welcome(token), by: User.self, on: .user(owner, shard: log.shards.shard(of: owner)))
      return nil
    } catch {
      return error
    }
  }

  private func newID() -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(at: clock.now, using: &random)
  }
}
