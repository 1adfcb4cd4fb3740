package import struct Foundation.UUID

/// A token was made for a mail to this person. The log holds only its hash: the token itself is computed from its id and a secret
/// outside the log, whenever the mail is written. Version 1 knew no password of a sign-up,
/// version 2 no `setPassword`.
package struct TokenIssued: EventData {
  package static let kind = EventKind("token_issued", version: 3, isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// The token.
  package var tokenID: UUID
  /// What it allows.
  package var purpose: Purpose
  /// Hex SHA-256 of the token.
  package var tokenHash: String
  /// From when it allows nothing more.
  package var expiresAt: Instant
  /// For a change of address: the new one, sealed for the person.
  package var emailSealed: String?
  /// For a further sign-up with an address that nobody has verified: its password (Argon2id, sealed), in force once this very token
  /// comes back. Nil leaves the password as it is.
  package var passwordSealed: String?

  /// The event's data.
  package init(
    userID: UUID, tokenID: UUID, purpose: Purpose, tokenHash: String, expiresAt: Instant, emailSealed: String? = nil,
    passwordSealed: String? = nil
  ) {
    self.userID = userID
    self.tokenID = tokenID
    self.purpose = purpose
    self.tokenHash = tokenHash
    self.expiresAt = expiresAt
    self.emailSealed = emailSealed
    self.passwordSealed = passwordSealed
  }

  /// What a mailed token of a person allows, once.
  package enum Purpose: String, Codable, Sendable, CaseIterable {
    case verifyEmail = "verify_email"
    case resetPassword = "reset_password"
    /// The first one, of who was registered by an operator.
    case setPassword = "set_password"
    case changeEmail = "change_email"
  }
}
