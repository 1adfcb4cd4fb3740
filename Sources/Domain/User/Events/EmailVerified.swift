package import struct Foundation.UUID

/// A token that was mailed to the address came back: the person reads mail there.
package struct EmailVerified: EventData {
  package static let kind = EventKind("email_verified", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// The address: hex HMAC-SHA256 under the log's pepper.
  package var emailDigest: String
  /// The token that came back; it is used up.
  package var tokenID: UUID?

  /// The event's data.
  package init(userID: UUID, emailDigest: String, tokenID: UUID? = nil) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.tokenID = tokenID
  }
}
