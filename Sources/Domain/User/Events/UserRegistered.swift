public import struct Foundation.UUID

/// A person became known. The address enters the log sealed with a key that erasure destroys, and as a keyed digest.
public struct UserRegistered: EventData {
  /// As the log has it; never changes.
  public static let type = "user_registered"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The new person.
  public var userID: UUID
  /// Hex HMAC-SHA256 of the normalised address under the log's pepper.
  public var emailDigest: String
  /// Base64 of nonce, ciphertext and tag (AES-256-GCM).
  public var emailSealed: String

  /// A registration.
  public init(userID: UUID, emailDigest: String, emailSealed: String) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.emailSealed = emailSealed
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case emailDigest = "email_digest"
    case emailSealed = "email_sealed"
  }
}
