package import struct Foundation.UUID

extension User {
  /// What can be asked of a person.
  package enum Command: Sendable {
    /// By an operator: without a password.
    case register(UserRegistered)
    /// An operator has opened an account for them: who has not shown to read the mail of the address is let choose a password.
    case welcome(TokenIssued)
    /// By themselves. For someone who is registered and verified it says so to them, and to nobody else; who was registered by an
    /// operator is let choose a password by `welcome`.
    case signUp(UserRegistered, passwordSealed: String, token: TokenIssued, welcome: TokenIssued)
    case issueToken(TokenIssued)
    /// The mail got lost: one of the two goes out, if the address waits to be verified.
    case mailAgain(verify: TokenIssued, reset: TokenIssued)
    case verifyEmail(TokenProof)
    case resetPassword(TokenProof, passwordSealed: String)
    /// `from` is the password that was checked: if another has been set since, the check is worth nothing.
    case changePassword(passwordSealed: String, from: String, keeping: UUID)
    case rehash(passwordSealed: String, from: String)
    case changeEmail(TokenProof, EmailDigestAndSeal)
    case changeProfile(nameSealed: String?, timeZone: String?)
    case decline(Set<NoticeTopic>)
    case endSessions
    case requestDeletion(due: Instant)
    case cancelDeletion(now: Instant)
    case erase(now: Instant)
    /// Somebody else has shown to read the mail of the address.
    case giveWay(now: Instant)
  }

  /// Why a person's command is turned down.
  package enum Failure: Error, Equatable {
    /// Nobody is registered here, or not any more.
    case absent
    /// Not issued to this person for this, used before, or expired.
    case invalidToken
    /// Another password has been set since this one was checked.
    case passwordChanged
    /// The grace period has passed.
    case beingErased
    /// Erasure was cancelled, or is not due yet.
    case notDue
  }

  /// The events that follow from a command.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .register(let registration): return register(registration)
    case .welcome(let token): return welcome(token)
    case .signUp(let registration, let passwordSealed, let token, let welcome):
      guard let id else { return Self.signUp(registration, passwordSealed, token) }
      return signUpAgain(id, passwordSealed, token, welcome)
    default: return try decide(command, of: try present())
    }
  }

  private func decide(_ command: Command, of id: UUID) throws(Failure) -> [Event] {
    switch command {
    case .register, .welcome, .signUp: return []
    case .issueToken(let token): return [.tokenIssued(token)]
    case .mailAgain(let verify, let reset): return mailAgain(verify: verify, reset: reset)
    case .verifyEmail(let proof): return try verify(id, proof)
    case .resetPassword(let proof, let passwordSealed): return try reset(id, proof, passwordSealed)
    case .changePassword(let passwordSealed, let from, let session):
      guard passwordSealed != from, self.passwordSealed == from else { throw .passwordChanged }
      return [
        .passwordSet(PasswordSet(userID: id, passwordSealed: passwordSealed, cause: .change)),
        .sessionsEnded(SessionsEnded(userID: id, cause: .passwordChanged, exceptSessionID: session)),
      ]
    case .rehash(let passwordSealed, let from):
      guard self.passwordSealed == from else { return [] }
      return [.passwordSet(PasswordSet(userID: id, passwordSealed: passwordSealed, cause: .rehash))]
    case .changeEmail(let proof, let email): return try change(id, proof, email)
    case .changeProfile(let nameSealed, let timeZone):
      guard nameSealed != self.nameSealed || timeZone != self.timeZone else { return [] }
      return [.profileChanged(ProfileChanged(userID: id, nameSealed: nameSealed, timeZone: timeZone))]
    case .decline(let topics):
      return topics == declinedNotices
        ? [] : [.noticePreferencesSet(NoticePreferencesSet(userID: id, declined: topics))]
    case .endSessions: return [.sessionsEnded(SessionsEnded(userID: id, cause: .logOutEverywhere))]
    case .requestDeletion(let due):
      return deletionDue == nil ? [.deletionRequested(DeletionRequested(userID: id, dueAt: due))] : []
    case .cancelDeletion(let now):
      guard let deletionDue else { return [] }
      guard now < deletionDue else { throw .beingErased }
      return [.deletionCancelled(DeletionCancelled(userID: id))]
    case .giveWay(let now):
      return isVerified || !hasSignedUp || deletionDue != nil
        ? [] : [.deletionRequested(DeletionRequested(userID: id, dueAt: now))]
    case .erase(let now):
      guard let deletionDue, deletionDue <= now else { throw .notDue }
      return [.sessionsEnded(SessionsEnded(userID: id, cause: .erasure)), .erased(UserErased(userID: id))]
    }
  }

  private static func signUp(
    _ registration: UserRegistered, _ passwordSealed: String, _ token: TokenIssued
  ) -> [Event] {
    let set = PasswordSet(userID: registration.userID, passwordSealed: passwordSealed, cause: .signUp)
    return [.registered(registration), .passwordSet(set), .tokenIssued(token)]
  }

  /// Who can read the mail of an address has verified it: without this, one who lost the first mail would need two.
  private func reset(_ id: UUID, _ proof: TokenProof, _ passwordSealed: String) throws(Failure) -> [Event] {
    try check(proof, for: .resetPassword, .setPassword)
    let set = PasswordSet(userID: id, passwordSealed: passwordSealed, cause: .reset, tokenID: proof.tokenID)
    let verified = EmailVerified(userID: id, emailDigest: emailDigest, tokenID: proof.tokenID)
    return [.passwordSet(set)] + (isVerified ? [] : [.emailVerified(verified)])
      + [.sessionsEnded(SessionsEnded(userID: id, cause: .passwordReset))]
  }

  private func change(_ id: UUID, _ proof: TokenProof, _ email: EmailDigestAndSeal) throws(Failure) -> [Event] {
    // The answer may have been lost on its way: asked again, it is so already.
    if proof.tokenID == lastEmailToken, email.digest == emailDigest { return [] }
    try check(proof, for: .changeEmail)
    return [
      .emailChanged(
        EmailChanged(userID: id, emailDigest: email.digest, emailSealed: email.sealed, tokenID: proof.tokenID))
    ]
  }

  private func present() throws(Failure) -> UUID {
    guard let id, !isErased else { throw .absent }
    return id
  }

  /// The token that came back.
  @discardableResult
  func check(_ proof: TokenProof, for purposes: TokenIssued.Purpose...) throws(Failure) -> TokenIssued {
    guard let token = tokens[proof.tokenID], purposes.contains(token.purpose), token.tokenHash == proof.tokenHash,
      proof.now < token.expiresAt
    else { throw .invalidToken }
    return token
  }
}

/// A token from a mail, as it came back at a time.
package struct TokenProof: Sendable, Equatable {
  /// Which token.
  package var tokenID: UUID
  /// Hex SHA-256 of what came back.
  package var tokenHash: String
  /// When.
  package var now: Instant

  /// A token that came back.
  package init(tokenID: UUID, tokenHash: String, now: Instant) {
    self.tokenID = tokenID
    self.tokenHash = tokenHash
    self.now = now
  }
}

/// An address as the log has it.
package struct EmailDigestAndSeal: Sendable, Equatable {
  /// Hex HMAC-SHA256 under the log's pepper.
  package var digest: String
  /// Sealed for the person.
  package var sealed: String

  /// An address.
  package init(digest: String, sealed: String) {
    self.digest = digest
    self.sealed = sealed
  }
}
