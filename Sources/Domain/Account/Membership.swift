public import struct Foundation.UUID

/// A member may do something else from here on.
public struct MemberRoleChanged: EventData {
  /// As the log has it; never changes.
  public static let type = "member_role_changed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account acted for.
  public var accountID: UUID
  /// The person.
  public var userID: UUID
  /// What they may do now.
  public var role: Account.Role

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case userID = "user_id"
    case role
  }
}

/// A person may act for the account no more: they left, or were removed.
public struct MemberRemoved: EventData {
  /// As the log has it; never changes.
  public static let type = "member_removed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account that they acted for.
  public var accountID: UUID
  /// The person.
  public var userID: UUID

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case userID = "user_id"
  }
}

/// A project of the account was archived and counts against the tier's limit no more.
public struct ProjectRemoved: EventData {
  /// As the log has it; never changes.
  public static let type = "project_removed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose the project is.
  public var accountID: UUID
  /// The project archived.
  public var projectID: UUID

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case projectID = "project_id"
  }
}

/// Nobody uses the account any more: its keys open nothing, and nobody can change anything about it.
public struct AccountClosed: EventData {
  /// As the log has it; never changes.
  public static let type = "account_closed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account closed, for good.
  public var accountID: UUID

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
  }
}
