public import struct Foundation.UUID

/// A password from here on. The hash enters the log sealed: erasing the person erases it, and the log alone lets nobody try
/// passwords out.
public struct PasswordSet: EventData {
  /// As the log has it; never changes.
  public static let type = "password_set"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID
  /// Sealed Argon2id hash with its parameters (PHC string format).
  public var passwordSealed: String
  /// What it was set by.
  public var cause: Cause
  /// The mailed token that allowed it, if one did: it is used up.
  public var tokenID: UUID?

  /// The event's data.
  public init(userID: UUID, passwordSealed: String, cause: Cause, tokenID: UUID? = nil) {
    self.userID = userID
    self.passwordSealed = passwordSealed
    self.cause = cause
    self.tokenID = tokenID
  }

  /// What sets a password.
  public enum Cause: String, Codable, Sendable {
    case reset, change, rehash
    case signUp = "sign_up"
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case passwordSealed = "password_sealed"
    case cause
    case tokenID = "token_id"
  }
}
