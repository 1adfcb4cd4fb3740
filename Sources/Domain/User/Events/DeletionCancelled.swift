public import struct Foundation.UUID

/// The person stays.
public struct DeletionCancelled: EventData {
  /// As the log has it; never changes.
  public static let type = "deletion_cancelled"
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
