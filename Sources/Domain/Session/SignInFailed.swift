public import struct Foundation.UUID

/// Someone gave this person's address and could not log in.
public struct SignInFailed: EventData {
  /// As the log has it; never changes.
  public static let type = "sign_in_failed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID
  /// Why not.
  public var reason: Reason

  /// The event's data.
  public init(userID: UUID, reason: Reason) {
    self.userID = userID
    self.reason = reason
  }

  /// Why a log-in failed.
  public enum Reason: String, Codable, Sendable {
    case wrongPassword = "wrong_password"
    case emailNotVerified = "email_not_verified"
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case reason
  }
}
