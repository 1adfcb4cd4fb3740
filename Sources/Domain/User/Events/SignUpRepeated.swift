public import struct Foundation.UUID

/// Someone signed up with the address of a person who has an account already: only a mail to that address says so.
public struct SignUpRepeated: EventData {
  /// As the log has it; never changes.
  public static let type = "sign_up_repeated"
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
