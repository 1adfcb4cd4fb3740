package import struct Foundation.UUID

/// All sessions of the person that had started are over. Version 1 knew no `address_verified`.
package struct SessionsEnded: EventData {
  package static let kind = EventKind("sessions_ended", version: 2, isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// Why.
  package var cause: Cause
  /// The one session that goes on: where a password was changed.
  package var exceptSessionID: UUID?

  /// The event's data.
  package init(userID: UUID, cause: Cause, exceptSessionID: UUID? = nil) {
    self.userID = userID
    self.cause = cause
    self.exceptSessionID = exceptSessionID
  }

  /// Why sessions end together.
  package enum Cause: String, Codable, Sendable {
    case erasure
    case logOutEverywhere = "logout_everywhere"
    case passwordReset = "password_reset"
    case passwordChanged = "password_changed"
    /// Of several who signed up with the address, the one whose mail was opened is the person: what others began is over.
    case addressVerified = "address_verified"
  }
}
