package import struct Foundation.UUID

/// The address with this digest is this person's.
package struct EmailClaimed: EventData {
  package static let kind = EventKind("email_claimed")
  /// Hex HMAC-SHA256 of the address under the log's pepper.
  package var emailDigest: String
  /// Whose the address is from here on.
  package var userID: UUID

  /// A claim.
  package init(emailDigest: String, userID: UUID) {
    self.emailDigest = emailDigest
    self.userID = userID
  }
}
