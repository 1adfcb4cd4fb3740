package import struct Foundation.UUID

/// The session goes on under a new refresh token. Holds all there is to know, so that a long session is read by its last event.
package struct SessionRefreshed: EventData {
  package static let kind = EventKind("session_refreshed")
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
