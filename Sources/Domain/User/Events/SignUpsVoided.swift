public import struct Foundation.UUID

/// An operator opened an account for a person whose address nobody had verified: whoever had signed up with it could be anybody, so
/// their links and passwords are worth nothing from here on. A reset, whose mail only the address's reader gets, lets in.
public struct SignUpsVoided: EventData {
  /// As the log has it; never changes.
  public static let type = "sign_ups_voided"
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
