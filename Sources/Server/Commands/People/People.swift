import Domain
public import EventLog
import Foundation

/// What the commands of people share: the log that they append to, and what they decide by.
///
/// All of them decide on streams, never on read models: what was answered a moment ago holds.
public struct People: Sendable {
  let log: Log
  let vault: Vault
  let secrets: Secrets
  let hasher: PasswordHasher
  let throttle: Throttle
  let changes: ChangeLimit
  let clock: any WallClock
  let settings: PeopleSettings

  /// Over an open log.
  public init(log: Log, settings: PeopleSettings = PeopleSettings(), clock: any WallClock = SystemClock()) {
    self.log = log
    self.settings = settings
    self.clock = clock
    vault = Vault(pool: log.pool)
    secrets = Secrets(vault: vault)
    hasher = PasswordHasher(cost: settings.argon2)
    throttle = Throttle(pool: log.pool, secrets: secrets, clock: clock, longestDelay: settings.longestDelay)
    changes = ChangeLimit(pool: log.pool, clock: clock)
  }

  /// A person's stream.
  func stream(_ user: UUID) -> EventLog.Stream { .user(user, shard: log.shards.shard(of: user)) }

  /// A log-in's stream.
  func stream(session: UUID, of user: UUID) -> EventLog.Stream {
    .session(session, shard: log.shards.shard(of: user))
  }

  /// The person as of this moment.
  func user(_ id: UUID) async throws -> User { try await log.load(User.self, from: stream(id)).state }

  /// The person whose address it is; nil where nobody's. One that a change of address has left, or has not quite reached, is not.
  func owner(of digest: String) async throws -> User? {
    guard let owner = try await log.load(EmailClaim.self, from: .email(digest, shards: log.shards)).state.owner else {
      return nil
    }
    let user = try await user(owner)
    return user.isPresent && user.emailDigest == digest ? user : nil
  }

  /// Decides and appends to a person's stream.
  @discardableResult
  func handle(_ command: User.Command, of user: UUID, from client: Client) async throws -> Appended<User.Event> {
    try await log.handle(command, by: User.self, on: stream(user), from: try await origin(client, user))
  }

  /// Where something comes from, sealed for the person whom it is about.
  func origin(_ client: Client, _ user: UUID) async throws -> Origin {
    Origin(actorID: user, sealedClient: try await vault.seal(client.text, for: user))
  }

  /// Makes an address free that was a person's; nothing happens to one that is somebody else's by now.
  func release(_ digest: String, of user: UUID) async throws {
    try await log.handle(
      .release(EmailReleased(emailDigest: digest, userID: user)), by: EmailClaim.self,
      on: .email(digest, shards: log.shards))
  }

  func newID() -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(milliseconds: clock.milliseconds, using: &random)
  }

  /// A single-use token; its text is made when the mail is written.
  func token(
    for purpose: TokenIssued.Purpose, of user: UUID, emailSealed: String? = nil
  ) async throws -> TokenIssued {
    let id = newID()
    let key = try await secrets.key(.mailTokenKey)
    let token = MailToken(id: id, purpose: purpose.rawValue, owner: user, key: key)
    return TokenIssued(
      userID: user, tokenID: id, purpose: purpose, tokenHash: token.hash,
      expiresAt: clock.milliseconds + purpose.lifetime, emailSealed: emailSealed)
  }

  /// What came back from a mail, as a decision takes it. Throws the problem of one that was never given out.
  func proof(_ text: String, of purpose: TokenIssued.Purpose) async throws -> (user: UUID, proof: TokenProof) {
    let key = try await secrets.key(.mailTokenKey)
    guard let token = MailToken(parsing: text, purpose: purpose.rawValue, key: key) else { throw Problem.linkNotValid }
    return (token.owner, TokenProof(tokenID: token.id, tokenHash: token.hash, now: clock.milliseconds))
  }

  /// Does work whose time must not tell what it found: takes as long as the settings say, whatever the outcome, or if it fails.
  func evenly<T: Sendable>(onlyFailures: Bool = false, _ work: () async throws -> T) async throws -> T {
    let end = ContinuousClock.now + settings.evenAnswer
    let result: Result<T, any Error>
    do { result = .success(try await work()) } catch { result = .failure(error) }
    if onlyFailures, case .success(let value) = result { return value }
    try? await Task.sleep(until: end, clock: .continuous)
    return try result.get()
  }
}

extension TokenIssued.Purpose {
  /// How long the link in a mail works. A reset opens everything, so it must be used soon.
  var lifetime: Int64 {
    switch self {
    case .verifyEmail, .changeEmail: 3 * 86_400_000
    case .resetPassword: 3_600_000
    }
  }
}
