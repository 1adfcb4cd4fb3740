public import struct Foundation.UUID

/// The address is nobody's from here on.
public struct EmailReleased: EventData {
  /// As the log has it; never changes.
  public static let type = "email_released"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Hex HMAC-SHA256 of the address under the log's pepper.
  public var emailDigest: String
  /// Whose it was.
  public var userID: UUID

  /// The event's data.
  public init(emailDigest: String, userID: UUID) {
    self.emailDigest = emailDigest
    self.userID = userID
  }

  enum CodingKeys: String, CodingKey {
    case emailDigest = "email_digest"
    case userID = "user_id"
  }
}
