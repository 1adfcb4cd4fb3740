public import struct Foundation.UUID

/// The whole profile from here on: what is missing is not set.
public struct ProfileChanged: EventData {
  /// As the log has it; never changes.
  public static let type = "profile_changed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose.
  public var userID: UUID
  /// What the person is called, sealed for them.
  public var nameSealed: String?
  /// The person's time zone, by its name in the IANA database.
  public var timeZone: String?

  /// The event's data.
  public init(userID: UUID, nameSealed: String? = nil, timeZone: String? = nil) {
    self.userID = userID
    self.nameSealed = nameSealed
    self.timeZone = timeZone
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case nameSealed = "name_sealed"
    case timeZone = "time_zone"
  }
}
