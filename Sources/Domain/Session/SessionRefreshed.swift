public import struct Foundation.UUID

/// The session goes on under a new refresh token. Holds all there is to know, so that a long session is read by its last event.
public struct SessionRefreshed: EventData {
  /// As the log has it; never changes.
  public static let type = "session_refreshed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The session.
  public var sessionID: UUID
  /// Whose.
  public var userID: UUID
  /// Hex SHA-256 of the refresh token that is good from here on.
  public var tokenHash: String
  /// When it ends unless refreshed: milliseconds since 1970-01-01T00:00:00Z.
  public var expiresAt: Int64
  /// How often the person's sessions had been ended together when it started.
  public var generation: Int

  /// The event's data.
  public init(sessionID: UUID, userID: UUID, tokenHash: String, expiresAt: Int64, generation: Int) {
    self.sessionID = sessionID
    self.userID = userID
    self.tokenHash = tokenHash
    self.expiresAt = expiresAt
    self.generation = generation
  }

  enum CodingKeys: String, CodingKey {
    case sessionID = "session_id"
    case userID = "user_id"
    case tokenHash = "token_hash"
    case expiresAt = "expires_at"
    case generation
  }
}
