public import struct Foundation.UUID

extension Project {
  /// What can be asked of a project.
  public enum Command: Sendable {
    case create(id: UUID, accountID: UUID, name: String)
    case issueKey(KeyRequest)
    case revokeKey(UUID)
  }

  /// A key to be issued, its secret already drawn and hashed.
  public struct KeyRequest: Sendable {
    /// The new key's id.
    public var id: UUID
    /// What its owner calls it.
    public var name: String
    /// Live or test.
    public var mode: KeyMode
    /// What it opens.
    public var scopes: [KeyScope]
    /// First and last characters.
    public var hint: String
    /// Hex SHA-256 of the whole key.
    public var hash: String

    /// A key to be issued.
    public init(id: UUID, name: String, mode: KeyMode, scopes: [KeyScope], hint: String, hash: String) {
      self.id = id
      self.name = name
      self.mode = mode
      self.scopes = scopes
      self.hint = hint
      self.hash = hash
    }
  }

  /// Why a project turns a command down.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case alreadyCreated
    case notCreated
    case nameEmptyOrTooLong(maximumCharacters: Int)
    case noSuchKey(UUID)
    case noScope

    /// What was wrong, and what is allowed.
    public var description: String {
      switch self {
      case .alreadyCreated: "the project exists already"
      case .notCreated: "there is no such project"
      case .nameEmptyOrTooLong(let maximum): "a name must have 1 to \(maximum) characters, not all of them spaces"
      case .noSuchKey(let id):
        "the project has no key \(id.uuidString.lowercased()): `recount key list` shows those it has"
      case .noScope: "a key must open something: give it the scope track, read or both"
      }
    }
  }

  /// Long enough for any real name, short enough for a table's column.
  public static let maximumNameLength = 100

  /// The events that follow from a command.
  public func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .create(let id, let accountID, let name):
      guard self.id == nil else { throw .alreadyCreated }
      try Self.check(name: name)
      return [.created(ProjectCreated(projectID: id, accountID: accountID, name: name))]
    case .issueKey(let request): return [.keyIssued(try issue(request))]
    case .revokeKey(let key): return try revoke(key).map { [.keyRevoked($0)] } ?? []
    }
  }

  private func issue(_ request: KeyRequest) throws(Failure) -> KeyIssued {
    guard let id, let accountID else { throw .notCreated }
    guard !request.scopes.isEmpty else { throw .noScope }
    try Self.check(name: request.name)
    return KeyIssued(
      keyID: request.id, projectID: id, accountID: accountID, name: request.name, mode: request.mode,
      scopes: request.scopes, hint: request.hint, hash: request.hash)
  }

  /// Nil when it is revoked already: revoking twice is not an error.
  private func revoke(_ key: UUID) throws(Failure) -> KeyRevoked? {
    guard let id, let accountID else { throw .notCreated }
    guard let known = keys[key] else { throw .noSuchKey(key) }
    return known.isRevoked ? nil : KeyRevoked(keyID: key, projectID: id, accountID: accountID)
  }

  private static func check(name: String) throws(Failure) {
    let visible = name.contains { !$0.isWhitespace }
    guard visible, name.count <= maximumNameLength, !name.unicodeScalars.contains("\0") else {
      throw .nameEmptyOrTooLong(maximumCharacters: maximumNameLength)
    }
  }
}
