package import struct Foundation.UUID

/// The person's address from here on, verified by the token that was mailed to it.
package struct EmailChanged: EventData {
  package static let kind = EventKind("email_changed", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// The new address: hex HMAC-SHA256 under the log's pepper.
  package var emailDigest: String
  /// The new address, sealed for the person.
  package var emailSealed: String
  /// The token that came back; it is used up.
  package var tokenID: UUID

  /// The event's data.
  package init(userID: UUID, emailDigest: String, emailSealed: String, tokenID: UUID) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.emailSealed = emailSealed
    self.tokenID = tokenID
  }
}
