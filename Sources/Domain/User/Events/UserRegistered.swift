package import struct Foundation.UUID

/// A person became known. The address enters the log sealed with a key that erasure destroys, and as a keyed digest.
package struct UserRegistered: EventData {
  package static let kind = EventKind("user_registered", isSecurityRelevant: true)
  /// The new person.
  package var userID: UUID
  /// Hex HMAC-SHA256 of the normalised address under the log's pepper.
  package var emailDigest: String
  /// Base64 of nonce, ciphertext and tag (AES-256-GCM).
  package var emailSealed: String

  /// A registration.
  package init(userID: UUID, emailDigest: String, emailSealed: String) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.emailSealed = emailSealed
  }
}
