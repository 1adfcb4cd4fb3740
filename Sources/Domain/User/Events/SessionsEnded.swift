public import struct Foundation.UUID

/// All sessions of the person that had started are over. Version 1 knew no `address_verified`.
public struct SessionsEnded: EventData {
  /// As the log has it; never changes.
  public static let type = "sessions_ended"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 2
  /// Whose.
  public var userID: UUID
  /// Why.
  public var cause: Cause
  /// The one session that goes on: where a password was changed.
  public var exceptSessionID: UUID?

  /// The event's data.
  public init(userID: UUID, cause: Cause, exceptSessionID: UUID? = nil) {
    self.userID = userID
    self.cause = cause
    self.exceptSessionID = exceptSessionID
  }

  /// Why sessions end together.
  public enum Cause: String, Codable, Sendable {
    case erasure
    case logOutEverywhere = "logout_everywhere"
    case passwordReset = "password_reset"
    case passwordChanged = "password_changed"
    /// Of several who signed up with the address, the one whose mail was opened is the person: what others began is over.
    case addressVerified = "address_verified"
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case cause
    case exceptSessionID = "except_session_id"
  }
}
