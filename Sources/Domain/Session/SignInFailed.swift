package import struct Foundation.UUID

/// Someone gave this person's address and could not log in. Named as it is stored; elsewhere it is a log-in.
package struct SignInFailed: EventData {
  package static let kind = EventKind("sign_in_failed", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// Why not.
  package var reason: Reason

  /// The event's data.
  package init(userID: UUID, reason: Reason) {
    self.userID = userID
    self.reason = reason
  }

  /// Why a log-in failed.
  package enum Reason: String, Codable, Sendable {
    case wrongPassword = "wrong_password"
    case emailNotVerified = "email_not_verified"
  }
}
