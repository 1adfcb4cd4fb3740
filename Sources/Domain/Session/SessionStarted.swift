package import struct Foundation.UUID

/// A person logged in.
package struct SessionStarted: EventData {
  package static let kind = EventKind("session_started", isSecurityRelevant: true)
  /// The session.
  package var sessionID: UUID
  /// Whose.
  package var userID: UUID
  /// Hex SHA-256 of the refresh token that is good from here on.
  package var tokenHash: String
  /// When it ends unless refreshed.
  package var expiresAt: Instant
  /// How often the person's sessions had been ended together when it started.
  package var generation: Int

  /// The event's data.
  package init(sessionID: UUID, userID: UUID, tokenHash: String, expiresAt: Instant, generation: Int) {
    self.sessionID = sessionID
    self.userID = userID
    self.tokenHash = tokenHash
    self.expiresAt = expiresAt
    self.generation = generation
  }
}
