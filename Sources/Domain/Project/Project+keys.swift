public import struct Foundation.UUID

extension Project {
  /// What the project knows of one of its keys.
  public struct Key: Sendable, Equatable {
    /// What its owners call it.
    public var name: String
    /// Live or test.
    public var mode: KeyMode
    /// What it opens.
    public var scopes: [KeyScope]
    /// When it stops working by itself, in milliseconds since 1970-01-01T00:00:00Z; nil: never.
    public var expiresAt: Int64?
    /// When it stops working because another took its place; nil while none has.
    public var retiresAt: Int64?
    /// The key that took its place.
    public var successorID: UUID?
    /// Whether it has been revoked.
    public var isRevoked = false

    init(_ issued: KeyIssued) {
      name = issued.name
      mode = issued.mode
      scopes = issued.scopes
      expiresAt = issued.expiresAt
    }

    /// Whether it opens anything at a time, as far as it is up to the key.
    public func works(at now: Int64) -> Bool {
      !isRevoked && now < (expiresAt ?? .max) && now < (retiresAt ?? .max)
    }
  }
}

/// A key was shown once to its owner. Version 1 knew neither `mode` nor `scopes`, version 2 no `expires_at`.
public struct KeyIssued: EventData {
  /// As the log has it; never changes.
  public static let type = "key_issued"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 3
  /// The new key.
  public var keyID: UUID
  /// What the key belongs to.
  public var projectID: UUID
  /// The project's account.
  public var accountID: UUID
  /// What its owners call it, 1 to 100 characters.
  public var name: String
  /// Whether its events are business or rehearsal.
  public var mode: KeyMode
  /// What it opens; at least one.
  public var scopes: [KeyScope]
  /// Its first and last characters, to recognise it by.
  public var hint: String
  /// Hex SHA-256 of the whole key: 190 bits of randomness need no slow hash.
  public var hash: String
  /// When it stops working by itself, in milliseconds since 1970-01-01T00:00:00Z; null: never.
  @Nullable public var expiresAt: Int64?

  enum CodingKeys: String, CodingKey {
    case keyID = "key_id"
    case projectID = "project_id"
    case accountID = "account_id"
    case name, mode, scopes, hint, hash
    case expiresAt = "expires_at"
  }
}

/// A key was replaced by another, for which `key_issued` stands beside it; for a while both work.
public struct KeyRotated: EventData {
  /// As the log has it; never changes.
  public static let type = "key_rotated"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The key replaced.
  public var keyID: UUID
  /// What both keys belong to.
  public var projectID: UUID
  /// The project's account.
  public var accountID: UUID
  /// The key that takes its place.
  public var successorID: UUID
  /// When the replaced key stops working, in milliseconds since 1970-01-01T00:00:00Z.
  public var retiresAt: Int64

  enum CodingKeys: String, CodingKey {
    case keyID = "key_id"
    case projectID = "project_id"
    case accountID = "account_id"
    case successorID = "successor_id"
    case retiresAt = "retires_at"
  }
}

/// A key stopped working, at once and for good.
public struct KeyRevoked: EventData {
  /// As the log has it; never changes.
  public static let type = "key_revoked"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The key that opens nothing any more.
  public var keyID: UUID
  /// What the key belonged to.
  public var projectID: UUID
  /// The project's account.
  public var accountID: UUID

  enum CodingKeys: String, CodingKey {
    case keyID = "key_id"
    case projectID = "project_id"
    case accountID = "account_id"
  }
}
