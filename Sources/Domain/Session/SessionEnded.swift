public import struct Foundation.UUID

/// The session is over.
public struct SessionEnded: EventData {
  /// As the log has it; never changes.
  public static let type = "session_ended"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The session.
  public var sessionID: UUID
  /// Whose.
  public var userID: UUID
  /// Why.
  public var cause: Cause

  /// The event's data.
  public init(sessionID: UUID, userID: UUID, cause: Cause) {
    self.sessionID = sessionID
    self.userID = userID
    self.cause = cause
  }

  /// Why one session ends.
  public enum Cause: String, Codable, Sendable {
    case logout, revoked
    case reuseDetected = "reuse_detected"
  }

  enum CodingKeys: String, CodingKey {
    case sessionID = "session_id"
    case userID = "user_id"
    case cause
  }
}
