package import struct Foundation.UUID

/// The address is nobody's from here on.
package struct EmailReleased: EventData {
  package static let kind = EventKind("email_released")
  /// Hex HMAC-SHA256 of the address under the log's pepper.
  package var emailDigest: String
  /// Whose it was.
  package var userID: UUID

  /// The event's data.
  package init(emailDigest: String, userID: UUID) {
    self.emailDigest = emailDigest
    self.userID = userID
  }
}
