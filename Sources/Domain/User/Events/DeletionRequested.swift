public import struct Foundation.UUID

/// The person wants to be forgotten, and has until then to think better of it.
public struct DeletionRequested: EventData {
  /// As the log has it; never changes.
  public static let type = "deletion_requested"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID
  /// When erasure falls due: milliseconds since 1970-01-01T00:00:00Z.
  public var dueAt: Int64

  /// The event's data.
  public init(userID: UUID, dueAt: Int64) {
    self.userID = userID
    self.dueAt = dueAt
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case dueAt = "due_at"
  }
}
