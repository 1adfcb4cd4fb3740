package import struct Foundation.UUID

/// A password from here on. The hash enters the log sealed: erasing the person erases it, and the log alone lets nobody try
/// passwords out.
package struct PasswordSet: EventData {
  package static let kind = EventKind("password_set", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// Sealed Argon2id hash with its parameters (PHC string format).
  package var passwordSealed: String
  /// What it was set by.
  package var cause: Cause
  /// The mailed token that allowed it, if one did: it is used up.
  package var tokenID: UUID?

  /// The event's data.
  package init(userID: UUID, passwordSealed: String, cause: Cause, tokenID: UUID? = nil) {
    self.userID = userID
    self.passwordSealed = passwordSealed
    self.cause = cause
    self.tokenID = tokenID
  }

  /// What sets a password.
  package enum Cause: String, Codable, Sendable {
    case reset, change, rehash
    case signUp = "sign_up"
  }
}
