public import struct Foundation.UUID

/// A token was made for a mail to this person. The log holds only its hash: the token itself is computed from its id and a secret
/// outside the log, whenever the mail is written. Version 1 knew no password of a sign-up.
public struct TokenIssued: EventData {
  /// As the log has it; never changes.
  public static let type = "token_issued"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 2
  /// Whose.
  public var userID: UUID
  /// The token.
  public var tokenID: UUID
  /// What it allows.
  public var purpose: Purpose
  /// Hex SHA-256 of the token.
  public var tokenHash: String
  /// From when it allows nothing more: milliseconds since 1970-01-01T00:00:00Z.
  public var expiresAt: Int64
  /// For a change of address: the new one, sealed for the person.
  public var emailSealed: String?
  /// For a further sign-up with an address that nobody has verified: its password (Argon2id, sealed), in force once this very token
  /// comes back. Nil leaves the password as it is.
  public var passwordSealed: String?

  /// The event's data.
  public init(
    userID: UUID, tokenID: UUID, purpose: Purpose, tokenHash: String, expiresAt: Int64, emailSealed: String? = nil,
    passwordSealed: String? = nil
  ) {
    self.userID = userID
    self.tokenID = tokenID
    self.purpose = purpose
    self.tokenHash = tokenHash
    self.expiresAt = expiresAt
    self.emailSealed = emailSealed
    self.passwordSealed = passwordSealed
  }

  /// What a mailed token of a person allows, once.
  public enum Purpose: String, Codable, Sendable, CaseIterable {
    case verifyEmail = "verify_email"
    case resetPassword = "reset_password"
    case changeEmail = "change_email"
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case tokenID = "token_id"
    case purpose
    case tokenHash = "token_hash"
    case expiresAt = "expires_at"
    case emailSealed = "email_sealed"
    case passwordSealed = "password_sealed"
  }
}
