public import struct Foundation.UUID

/// The operator grants an account more than its tier gives. Takes the place of what was granted before; one that names nothing
/// only ends that.
public struct AccountGranted: EventData {
  /// As the log has it; never changes.
  public static let type = "account_granted"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose grant it is.
  public var accountID: UUID
  /// Calls a second that each of its keys may make at least.
  public var requestsPerSecond: Int?
  /// Bytes a second that each of its keys may send at least.
  public var bytesPerSecond: Int?
  /// When it ends, in milliseconds since 1970; nil: never.
  public var until: Int64?
  /// Why, in the operator's words.
  public var reason: String

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case requestsPerSecond = "requests_per_second"
    case bytesPerSecond = "bytes_per_second"
    case until, reason
  }
}
