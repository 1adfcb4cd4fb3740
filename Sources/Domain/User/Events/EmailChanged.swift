public import struct Foundation.UUID

/// The person's address from here on, verified by the token that was mailed to it.
public struct EmailChanged: EventData {
  /// As the log has it; never changes.
  public static let type = "email_changed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID
  /// The new address: hex HMAC-SHA256 under the log's pepper.
  public var emailDigest: String
  /// The new address, sealed for the person.
  public var emailSealed: String
  /// The token that came back; it is used up.
  public var tokenID: UUID

  /// The event's data.
  public init(userID: UUID, emailDigest: String, emailSealed: String, tokenID: UUID) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.emailSealed = emailSealed
    self.tokenID = tokenID
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case emailDigest = "email_digest"
    case emailSealed = "email_sealed"
    case tokenID = "token_id"
  }
}
