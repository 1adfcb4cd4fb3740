import struct Foundation.UUID

/// Who has signed up with an address that nobody has verified may be anybody. Whose mail is opened is the person; till then each
/// sign-up has a password of its own, which its own link alone puts in force.
extension User {
  /// The password that a log-in is held against: before the address is verified the latest sign-up's, so that who knows it is told to
  /// open the mail. It lets nobody in.
  package var claimedPasswordSealed: String? { isVerified ? passwordSealed : signUps.last ?? passwordSealed }

  /// Whether the person came by signing up, rather than by an operator's word.
  package var hasSignedUp: Bool { isVerified ? passwordSealed != nil : !signUps.isEmpty }

  /// Whether what the person did so far may be somebody else's doing: nobody had shown to read the address's mail, or of several who
  /// signed up with it the wrong one may have.
  package func isDoubtful(at now: Instant) -> Bool { !isVerified || now < contestedUntil ?? .distantPast }

  /// Whether an opened link decides between several.
  package var hasRivals: Bool { signUps.count > 1 || isContested }

  /// A further sign-up with the address. Only a mail tells its owner, once they are known to be that; before, each sign-up gets a
  /// mail of its own. Who was registered by an operator is let in by a password that the mail's reader chooses, never by one that whoever
  /// signed up typed.
  func signUpAgain(
    _ id: UUID, _ passwordSealed: String, _ token: TokenIssued, _ welcome: TokenIssued
  ) -> [Event] {
    guard !isErased else { return [] }
    guard !isVerified else { return [.signUpRepeated(SignUpRepeated(userID: id))] }
    guard hasSignedUp else { return [.tokenIssued(welcome)] }
    var token = token
    token.passwordSealed = passwordSealed
    return [.tokenIssued(token)]
  }

  func verify(_ id: UUID, _ proof: TokenProof) throws(Failure) -> [Event] {
    let token = try check(proof, for: .verifyEmail)
    var events: [Event] = []
    if let passwordSealed = token.passwordSealed {
      let set = PasswordSet(userID: id, passwordSealed: passwordSealed, cause: .signUp, tokenID: token.tokenID)
      events.append(.passwordSet(set))
    }
    events.append(.emailVerified(EmailVerified(userID: id, emailDigest: emailDigest, tokenID: token.tokenID)))
    if hasRivals { events.append(.sessionsEnded(SessionsEnded(userID: id, cause: .addressVerified))) }
    return events
  }

  /// Another mail for who waits to be verified: of the one sign-up that there is, or, where several could be meant, one by which
  /// the reader of the mail chooses a password. A link for one of them at a guess might put a stranger's password in force.
  /// That a sign-up's own link has expired makes it no less likely to be the reader's.
  func mailAgain(verify: TokenIssued, reset: TokenIssued) -> [Event] {
    guard !isVerified else { return [] }
    guard signUps.count == 1, !isContested, let password = signUps.first else { return [.tokenIssued(reset)] }
    var token = verify
    token.passwordSealed = password == passwordSealed ? nil : password
    return [.tokenIssued(token)]
  }

  /// An operator vouches for the person by opening an account for them: for no one who merely typed the address.
  func register(_ registration: UserRegistered) -> [Event] {
    guard let id else { return [.registered(registration)] }
    return isVerified || isErased || signUps.isEmpty ? [] : [.signUpsVoided(SignUpsVoided(userID: id))]
  }

  func welcome(_ token: TokenIssued) -> [Event] { id == nil || isVerified || isErased ? [] : [.tokenIssued(token)] }
}
