public import struct Foundation.UUID

/// The address with this digest is this person's.
public struct EmailClaimed: EventData {
  /// As the log has it; never changes.
  public static let type = "email_claimed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Hex HMAC-SHA256 of the address under the log's pepper.
  public var emailDigest: String
  /// Whose the address is from here on.
  public var userID: UUID

  /// A claim.
  public init(emailDigest: String, userID: UUID) {
    self.emailDigest = emailDigest
    self.userID = userID
  }

  enum CodingKeys: String, CodingKey {
    case emailDigest = "email_digest"
    case userID = "user_id"
  }
}
