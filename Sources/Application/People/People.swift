import Crypto
package import Domain
package import EventLog
package import Foundation

/// What the commands of people share: the log that they append to, and what they decide by.
///
/// All of them decide on streams, never on read models: what was answered a moment ago holds.
package struct People: Sendable {
  package let log: Log
  let questions: Questions
  package let vault: Vault
  package let secrets: Secrets
  let hasher: PasswordHasher
  package let throttle: Throttle
  package let changes: ChangeLimit
  package let clock: any WallClock
  package let settings: PeopleSettings
  /// What they pay ends with their wish to be forgotten; nil where nothing is sold.
  package var billing: BillingDesk?

  /// Over an open log.
  package init(
    log: Log, queries: QueryCatalog, settings: PeopleSettings = PeopleSettings(), clock: any WallClock = SystemClock()
  ) throws {
    self.log = log
    questions = try Questions(log: log, queries: queries)
    self.settings = settings
    self.clock = clock
    vault = log.vault
    secrets = Secrets(vault: vault)
    hasher = PasswordHasher(cost: settings.argon2)
    throttle = Throttle(pool: log.pool, secrets: secrets, clock: clock, longestDelay: settings.longestDelay)
    changes = ChangeLimit(log: log, clock: clock)
  }

  /// A person's stream.
  package func stream(_ user: UUID) -> StreamID { .user(user, shard: log.shards.shard(of: user)) }

  /// A log-in's stream.
  package func stream(session: UUID, of user: UUID) -> StreamID {
    .session(session, shard: log.shards.shard(of: user))
  }

  /// The person as of this moment.
  package func user(_ id: UUID) async throws -> User { try await log.load(User.self, from: stream(id)).state }

  /// The person whose address it is; nil where nobody's. One that a change of address has left, or has not quite reached, is not.
  package func owner(of digest: String) async throws -> User? {
    guard let owner = try await log.load(EmailClaim.self, from: .email(digest, shards: log.shards)).state.owner else {
      return nil
    }
    let user = try await user(owner)
    return user.isPresent && user.emailDigest == digest ? user : nil
  }

  /// Decides and appends to a person's stream.
  @discardableResult
  package func handle(_ command: User.Command, of user: UUID, from client: Client) async throws -> Appended<User> {
    try await log.handle(command, by: User.self, on: stream(user), from: try await origin(client, user))
  }

  /// Where something comes from, sealed for the person whom it is about.
  package func origin(_ client: Client, _ user: UUID) async throws -> Origin {
    Origin(actorID: user, sealedClient: try await vault.seal(client.text, for: user))
  }

  /// Makes an address free that was a person's; nothing happens to one that is somebody else's by now.
  package func release(_ digest: String, of user: UUID) async throws {
    try await log.handle(
      .release(EmailReleased(emailDigest: digest, userID: user)), by: EmailClaim.self,
      on: .email(digest, shards: log.shards))
  }

  func newID() -> UUID {
    var random = SystemRandomNumberGenerator()
    return .v7(at: clock.now, using: &random)
  }

  /// A single-use token; its text is made when the mail is written.
  package func token(
    for purpose: TokenIssued.Purpose, of user: UUID, emailSealed: String? = nil
  ) async throws -> TokenIssued {
    TokenIssued(
      newID(), for: purpose, of: user, at: clock.now, key: try await secrets.key(.mailTokenKey),
      emailSealed: emailSealed)
  }

  /// What came back from a mail, as a decision takes it. Throws the error of one that was never given out.
  package func proof(
    _ text: String, of purposes: TokenIssued.Purpose...
  ) async throws -> (user: UUID, proof: TokenProof) {
    let key = try await secrets.key(.mailTokenKey)
    let tokens = purposes.compactMap { MailToken(parsing: text, purpose: $0.rawValue, key: key) }
    guard let token = tokens.first else { throw AuthenticationError.linkNotValid }
    return (token.owner, TokenProof(tokenID: token.id, tokenHash: token.hash, now: clock.now))
  }

  /// Does work whose time must not tell what it found: takes as long as the settings say, or twice as long, or three times, whatever the
  /// outcome, or if it fails. Without the multiples the time of a busy server, whose work takes longer than that, would tell.
  package func evenly<T: Sendable>(onlyFailures: Bool = false, _ work: () async throws -> T) async throws -> T {
    let start = ContinuousClock.now
    let result: Result<T, any Error>
    do { result = .success(try await work()) } catch { result = .failure(error) }
    if onlyFailures, case .success(let value) = result { return value }
    let step = settings.evenAnswer
    if step > .zero {
      let steps = ((ContinuousClock.now - start) / step).rounded(.up)
      try? await Task.sleep(until: start + step * max(1, Int(steps)), clock: .continuous)
    }
    return try result.get()
  }
}

extension TokenIssued {
  /// A token of this id, made at a time.
  init(
    _ id: UUID, for purpose: Purpose, of user: UUID, at now: Instant, key: SymmetricKey, emailSealed: String? = nil
  ) {
    let token = MailToken(id: id, purpose: purpose.rawValue, owner: user, key: key)
    self.init(
      userID: user, tokenID: id, purpose: purpose, tokenHash: token.hash, expiresAt: now + purpose.lifetime,
      emailSealed: emailSealed)
  }
}

extension TokenIssued.Purpose {
  /// How long the link in a mail works. A reset opens everything, so it must be used soon; a first password opens what has just begun,
  /// for somebody who did not ask for the mail.
  var lifetime: Duration {
    switch self {
    case .verifyEmail, .changeEmail, .setPassword: .days(3)
    case .resetPassword: .hours(1)
    }
  }
}
