package import struct Foundation.UUID

/// A person who logs in. Stream `user-<id>`.
///
/// What is personal is here as the log has it: sealed, or as a digest. Decisions need no more.
package struct User: Decider {
  /// Nil until registered.
  package private(set) var id: UUID?
  /// The address: its digest, and sealed.
  package private(set) var emailDigest = ""
  /// The address, sealed for the person.
  package private(set) var emailSealed = ""
  /// Whether the person has shown that they read mail at the address.
  package private(set) var isVerified = false
  /// Nil for one who was registered by an operator and has not set one yet.
  package private(set) var passwordSealed: String?
  /// The profile's parts, nil where not set.
  package private(set) var nameSealed: String?
  /// By its name in the IANA database; nil where not set.
  package private(set) var timeZone: String?
  /// What they want no mails about.
  package private(set) var declinedNotices: Set<NoticeTopic> = []
  /// Tokens in mails that have not been used. Those that have expired are still among them: a state has no clock.
  package private(set) var tokens: [UUID: TokenIssued] = [:]
  /// Passwords that somebody signed up with while the address was not verified, each once, the latest last.
  package private(set) var signUps: [String] = []
  /// Until when another sign-up than the one that was verified could have been: nil where there was none.
  /// Who of them reads the mail of the address shows only in a reset.
  package private(set) var contestedUntil: Instant?
  /// The token that brought the address of now, if one did: the same token again changes nothing and is no error.
  package private(set) var lastEmailToken: UUID?
  /// Addresses that were the person's before.
  package private(set) var formerDigests: Set<String> = []
  /// All endings of sessions together, in order: each with the session that it spared, if any.
  package private(set) var endings: [UUID?] = []
  /// When erasure falls due, while the person wants it.
  package private(set) var deletionDue: Instant?
  /// Nothing can happen to an erased person.
  package private(set) var isErased = false
  /// Whether somebody signed up again before the address was verified, where the log keeps nothing else of it: until version 2 of
  /// `token_issued` only the first password counted.
  private(set) var isContested = false

  /// A person not registered yet.
  package init() {}

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .registered(let registered):
      (id, emailDigest, emailSealed) = (registered.userID, registered.emailDigest, registered.emailSealed)
    case .passwordSet(let set):
      passwordSealed = set.passwordSealed
      if set.cause == .signUp { note(signUp: set.passwordSealed) }
      if set.cause == .reset { (contestedUntil, signUps, isContested) = (nil, [], false) }
      // Every link that was mailed to reset it is void now, whatever set it.
      if set.cause != .rehash { forgetTokens(of: .resetPassword, .setPassword) }
    case .tokenIssued(let token):
      tokens[token.tokenID] = token
      if let password = token.passwordSealed { note(signUp: password) }
    case .emailVerified: verify()
    case .emailChanged(let changed):
      formerDigests.insert(emailDigest)
      formerDigests.remove(changed.emailDigest)
      (emailDigest, emailSealed, isVerified) = (changed.emailDigest, changed.emailSealed, true)
      lastEmailToken = changed.tokenID
      // What was mailed to the old address must not work any more.
      tokens = [:]
    case .profileChanged(let profile): (nameSealed, timeZone) = (profile.nameSealed, profile.timeZone)
    case .noticePreferencesSet(let preferences): declinedNotices = Set(preferences.declined)
    case .signUpRepeated: isContested = isContested || !isVerified && !signUps.isEmpty
    case .signUpsVoided:
      (passwordSealed, signUps, isContested) = (nil, [], false)
      forgetTokens(of: .verifyEmail)
    case .sessionsEnded(let ended): endings.append(ended.exceptSessionID)
    case .deletionRequested(let requested): deletionDue = requested.dueAt
    case .deletionCancelled: deletionDue = nil
    case .erased:
      isErased = true
      tokens = [:]
    }
  }

  private mutating func note(signUp password: String) {
    if !isVerified, signUps.last != password { signUps = signUps.filter { $0 != password } + [password] }
  }

  private mutating func verify() {
    if signUps.count > 1 || isContested {
      contestedUntil = tokens.values.filter { $0.purpose == .verifyEmail }.map(\.expiresAt).max()
    }
    (isVerified, isContested, signUps) = (true, false, [])
    forgetTokens(of: .verifyEmail)
  }

  private mutating func forgetTokens(of purposes: TokenIssued.Purpose...) {
    tokens = tokens.filter { !purposes.contains($1.purpose) }
  }
}

extension User {
  /// How often the person's sessions have been ended together: what a session that starts now is stamped with.
  package var generation: Int { endings.count }

  /// Whether a session that was stamped with a generation goes on as far as the person is concerned.
  package func keeps(session: UUID, of generation: Int) -> Bool {
    !isErased && endings.dropFirst(generation).allSatisfy { $0 == session }
  }

  /// The address, sealed, that a token for a change of address brings or has brought; nil for a token that is neither.
  package func emailSealed(broughtBy token: UUID) -> String? {
    token == lastEmailToken ? emailSealed : tokens[token]?.emailSealed
  }

  /// Registered and not erased.
  package var isPresent: Bool { id != nil && !isErased }
}
