public import struct Foundation.UUID

/// The person is forgotten: the key of their data is destroyed, the address is free, the sessions are over.
public struct UserErased: EventData {
  /// As the log has it; never changes.
  public static let type = "user_erased"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID

  /// The event's data.
  public init(userID: UUID) {
    self.userID = userID
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
  }
}
