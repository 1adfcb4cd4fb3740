package import Domain
import EventLog
import Foundation
import Logging

/// A person logs in with address and password.
package struct LogIn: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Throws the same error, after the same time, for an unknown address, a wrong password, and an address that is not verified: whoever
  /// signed up with an address would else hear whether it is somebody's.
  ///
  /// - Parameters:
  ///   - device: what an earlier log-in gave to the device.
  ///   - use: what the session is to go on by.
  package func callAsFunction(
    email: EmailAddress, password: Password?, device text: String? = nil, for use: SessionToken.Use = .refresh,
    from client: Client
  ) async throws -> (SessionTokens, DeviceToken) {
    let digest = try await people.vault.digest(email)
    let (known, admission) = try await people.evenly(onlyFailures: true) { try await admit(text, digest, client) }
    // Before the even answer's time begins to run: a delay as long as that would leave nothing of it.
    try await Task.sleep(for: admission.delay)
    return try await people.evenly(onlyFailures: true) {
      try await logIn(digest, password, admission, known, use, from: client)
    }
  }

  private func admit(_ text: String?, _ digest: String, _ client: Client) async throws -> (UUID?, Throttle.Admission) {
    let known = try await device(text, of: digest)
    return (known, try await people.throttle.takeLogIn(digest: digest, client: client.network, device: known))
  }

  private func logIn(
    _ digest: String, _ password: Password?, _ admission: Throttle.Admission, _ device: UUID?, _ use: SessionToken.Use,
    from client: Client
  ) async throws -> (SessionTokens, DeviceToken) {
    let user = try await people.owner(of: digest)
    guard let password, let user, let id = user.id,
      let hash = try await rightHash(password, of: user)
    else {
      // An unknown address costs a hash, too.
      if user == nil || password == nil { _ = try await people.hasher.verify(password ?? .unusable, against: nil) }
      if let id = user?.id { await note(.wrongPassword, id, client) }
      throw AuthenticationError.wrongCredentials
    }
    guard user.isVerified else {
      await note(.emailNotVerified, id, client)
      throw AuthenticationError.wrongCredentials
    }
    try await people.throttle.giveBack(admission)
    try await rehash(password, hash: hash, of: user, id, client)
    let token = DeviceToken(
      userID: id, deviceID: device ?? people.newID(), generation: user.generation,
      key: try await people.secrets.key(.jwtKey))
    return (try await start(user, id, use, client), token)
  }

  /// The device that a token was given to, if whoever owns the address has logged in with it.
  private func device(_ text: String?, of digest: String) async throws -> UUID? {
    guard let text, let token = DeviceToken(parsing: text, key: try await people.secrets.key(.jwtKey)) else {
      return nil
    }
    return token.isKnown(to: try await people.owner(of: digest)) ? token.deviceID : nil
  }

  /// The stored hash, if the password has it.
  private func rightHash(_ password: Password, of user: User) async throws -> String? {
    var hash: String?
    if let id = user.id, let sealed = user.claimedPasswordSealed { hash = try await people.vault.open(sealed, of: id) }
    return try await people.hasher.verify(password, against: hash) ? hash : nil
  }

  /// Whatever becomes of the note, the answer stays: another one would tell that the address is somebody's.
  private func note(_ reason: SignInFailed.Reason, _ user: UUID, _ client: Client) async {
    let stream = StreamID.logIns(of: user, shard: people.log.shards.shard(of: user))
    do {
      try await people.log.handle(
        .fail(SignInFailed(userID: user, reason: reason)), by: LogIns.self, on: stream,
        from: people.origin(client, user), last: 0)
    } catch {
      people.log.logger.error("a log-in that failed could not be recorded", metadata: ["error": "\(error)"])
    }
  }

  private func rehash(
    _ password: Password, hash: String, of user: User, _ id: UUID, _ client: Client
  ) async throws {
    guard people.hasher.isOutdated(hash), let from = user.passwordSealed else { return }
    let sealed = try await people.vault.seal(try await people.hasher.hash(password), for: id)
    try await people.handle(.rehash(passwordSealed: sealed, from: from), of: id, from: client)
  }

  private func start(_ user: User, _ id: UUID, _ use: SessionToken.Use, _ client: Client) async throws -> SessionTokens
  {
    let principal = Principal(userID: id, sessionID: people.newID())
    let tokens = try await people.tokens(of: principal, for: use)
    let started = SessionStarted(
      sessionID: principal.sessionID, userID: id, tokenHash: tokens.lasting.hash, expiresAt: tokens.expiresAt,
      generation: user.generation)
    try await people.log.handle(
      .start(started), by: Session.self, on: people.stream(session: principal.sessionID, of: id),
      from: people.origin(client, id))
    // The password may have been reset while it was being checked. Nobody has the session's tokens yet, so it ends unborn.
    guard try await people.user(id).keeps(session: principal.sessionID, of: user.generation) else {
      try await people.end(principal.sessionID, of: id, cause: .revoked, from: client)
      throw AuthenticationError.wrongCredentials
    }
    return tokens
  }
}
