package import struct Foundation.UUID

/// The session is over.
package struct SessionEnded: EventData {
  package static let kind = EventKind("session_ended", isSecurityRelevant: true)
  /// The session.
  package var sessionID: UUID
  /// Whose.
  package var userID: UUID
  /// Why.
  package var cause: Cause

  /// The event's data.
  package init(sessionID: UUID, userID: UUID, cause: Cause) {
    self.sessionID = sessionID
    self.userID = userID
    self.cause = cause
  }

  /// Why one session ends.
  package enum Cause: String, Codable, Sendable {
    case logout, revoked
    case reuseDetected = "reuse_detected"
  }
}
