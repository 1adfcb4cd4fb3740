package import struct Foundation.UUID

/// The life of a key: issued, rotated, revoked.
extension Project {
  /// A key to be issued, its secret already drawn and hashed.
  package struct KeyRequest: Sendable {
    /// The new key's id.
    package var id: UUID
    /// What its owner calls it.
    package var name: String
    /// Live or test.
    package var mode: KeyMode
    /// What it opens.
    package var scopes: [KeyScope]
    /// First and last characters.
    package var hint: String
    /// Hex SHA-256 of the whole key.
    package var hash: String
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?

    /// A key to be issued.
    package init(
      id: UUID, name: String, mode: KeyMode, scopes: [KeyScope], hint: String, hash: String, expiresAt: Instant? = nil
    ) {
      self.id = id
      self.name = name
      self.mode = mode
      self.scopes = scopes
      self.hint = hint
      self.hash = hash
      self.expiresAt = expiresAt
    }
  }

  /// A key that is to take another's place, with its name, mode and scopes; its secret already drawn and hashed.
  package struct KeyRotation: Sendable {
    /// The new key's id.
    package var successorID: UUID
    /// First and last characters of the new key.
    package var hint: String
    /// Hex SHA-256 of the whole new key.
    package var hash: String
    /// When the new key stops working by itself; nil: never.
    package var expiresAt: Instant?
    /// How long the old key goes on working.
    package var grace: Duration

    /// A rotation.
    package init(successorID: UUID, hint: String, hash: String, expiresAt: Instant?, grace: Duration) {
      self.successorID = successorID
      self.hint = hint
      self.hash = hash
      self.expiresAt = expiresAt
      self.grace = grace
    }
  }

  /// Enough for every service of a large project, few enough to be looked through.
  package static let maximumWorkingKeys = 100
  /// Ten years: a date beyond is a mistake in the unit.
  package static let maximumExpiryDays: Int64 = 3_653
  /// Seven days.
  package static let maximumGrace = Duration.days(7)
  /// A day: time to bring the new key to every machine.
  package static let defaultGrace = Duration.days(1)

  func issue(_ request: KeyRequest, at now: Instant) throws(Failure) -> KeyIssued {
    let (id, accountID) = try active()
    guard keys[request.id] == nil else { throw .keyAlreadyIssued(request.id) }
    guard !request.scopes.isEmpty else { throw .noScope }
    try Self.check(name: request.name)
    try Self.check(expiry: request.expiresAt, at: now)
    guard keys.values.count(where: { $0.works(at: now) }) < Self.maximumWorkingKeys else {
      throw .tooManyKeys(maximum: Self.maximumWorkingKeys)
    }
    return KeyIssued(
      keyID: request.id, projectID: id, accountID: accountID, name: request.name, mode: request.mode,
      // Each once, in one order, however they were asked for.
      scopes: KeyScope.allCases.filter(request.scopes.contains), hint: request.hint, hash: request.hash,
      expiresAt: request.expiresAt)
  }

  func rotate(_ key: UUID, _ rotation: KeyRotation, at now: Instant) throws(Failure) -> [Event] {
    let (id, accountID) = try active()
    guard let known = keys[key] else { throw .noSuchKey(key) }
    guard keys[rotation.successorID] == nil else { throw .keyAlreadyIssued(rotation.successorID) }
    if let successor = known.successorID { throw .keyAlreadyRotated(key, successor: successor) }
    guard known.works(at: now) else { throw .keyDoesNotWork(key) }
    guard (.zero...Self.maximumGrace).contains(rotation.grace) else {
      throw .badGrace(found: rotation.grace, maximum: Self.maximumGrace)
    }
    try Self.check(expiry: rotation.expiresAt, at: now)
    let successor = KeyIssued(
      keyID: rotation.successorID, projectID: id, accountID: accountID, name: known.name, mode: known.mode,
      scopes: known.scopes, hint: rotation.hint, hash: rotation.hash, expiresAt: rotation.expiresAt)
    let rotated = KeyRotated(
      keyID: key, projectID: id, accountID: accountID, successorID: rotation.successorID,
      retiresAt: now + rotation.grace)
    return [.keyIssued(successor), .keyRotated(rotated)]
  }

  /// Nothing follows when it is revoked already: revoking twice is not an error. An archived project's keys can be revoked, too.
  func revoke(_ key: UUID) throws(Failure) -> [Event] {
    guard let id, let accountID else { throw .notCreated }
    guard let known = keys[key] else { throw .noSuchKey(key) }
    return known.isRevoked ? [] : [.keyRevoked(KeyRevoked(keyID: key, projectID: id, accountID: accountID))]
  }

  static func check(expiry: Instant?, at now: Instant) throws(Failure) {
    guard let expiry else { return }
    guard now < expiry, expiry <= now + .days(maximumExpiryDays) else {
      throw .badExpiry(maximumDays: maximumExpiryDays)
    }
  }
}
