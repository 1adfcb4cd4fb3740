public import struct Foundation.UUID

/// A token that was mailed to the address came back: the person reads mail there.
public struct EmailVerified: EventData {
  /// As the log has it; never changes.
  public static let type = "email_verified"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID
  /// The address: hex HMAC-SHA256 under the log's pepper.
  public var emailDigest: String
  /// The token that came back; it is used up.
  public var tokenID: UUID?

  /// The event's data.
  public init(userID: UUID, emailDigest: String, tokenID: UUID? = nil) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.tokenID = tokenID
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case emailDigest = "email_digest"
    case tokenID = "token_id"
  }
}
