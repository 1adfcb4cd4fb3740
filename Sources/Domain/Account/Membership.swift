package import struct Foundation.UUID

/// A member may do something else from here on.
package struct MemberRoleChanged: EventData {
  package static let kind = EventKind("member_role_changed", isSecurityRelevant: true)
  /// The account acted for.
  package var accountID: UUID
  /// The person.
  package var userID: UUID
  /// What they may do now.
  package var role: Account.Role
}

/// A person may act for the account no more: they left, or were removed.
package struct MemberRemoved: EventData {
  package static let kind = EventKind("member_removed", isSecurityRelevant: true)
  /// The account that they acted for.
  package var accountID: UUID
  /// The person.
  package var userID: UUID
}

/// A project of the account was archived and counts against the tier's limit no more.
package struct ProjectRemoved: EventData {
  package static let kind = EventKind("project_removed")
  /// Whose the project is.
  package var accountID: UUID
  /// The project archived.
  package var projectID: UUID
}

/// Nobody uses the account any more: its keys open nothing, and nobody can change anything about it.
package struct AccountClosed: EventData {
  package static let kind = EventKind("account_closed", isSecurityRelevant: true)
  /// The account closed, for good.
  package var accountID: UUID
}
