package import Domain
import Foundation

/// What can be done with an account, as far as it takes a right of its own. The raw value is shown to whoever lacks it.
package enum Action: String, Sendable, CaseIterable {
  /// See the account, its members, projects and keys (never a key's secret).
  case readAccount = "read_account"
  /// See what was tracked, and how much of the quota is used.
  case readNumbers = "read_numbers"
  /// Say what the account is called.
  case nameAccount = "name_account"
  /// Create and rename projects; save views of their numbers, and annotate them.
  case manageProjects = "manage_projects"
  /// Put a project into the archive, and take it out.
  case archiveProjects = "archive_projects"
  /// Issue, rotate and revoke keys.
  case manageKeys = "manage_keys"
  /// Share links that show a project's numbers to whoever has them, and revoke them: of whoever may hand out keys, which open more.
  case manageLinks = "manage_links"
  /// Invite, change and remove members who are not owners.
  case manageMembers = "manage_members"
  /// Make someone an owner, and change or remove an owner.
  case manageOwners = "manage_owners"
  /// See who did what, and from where.
  case readAuditLog = "read_audit_log"
  /// Take everything that the account tracked away in one file.
  case exportData = "export_data"
  /// Void tracked events, move to another tier, close the account: what changes what is paid.
  case manageBilling = "manage_billing"
  /// Go.
  case leave
}

/// Who may do what: the one table of authorisation. Whoever is not in it may not.
package enum Permissions {
  /// Whether a role gives the right to an action.
  package static func allows(_ role: Account.Role, _ action: Action) -> Bool {
    switch role {
    case .owner: true
    case .admin:
      switch action {
      case .readAccount, .readNumbers, .nameAccount, .manageProjects, .archiveProjects, .manageKeys, .manageLinks,
        .manageMembers, .readAuditLog, .exportData, .leave:
        true
      case .manageOwners, .manageBilling: false
      }
    case .member:
      switch action {
      case .readAccount, .readNumbers, .manageProjects, .manageKeys, .manageLinks, .leave: true
      case .nameAccount, .archiveProjects, .manageMembers, .manageOwners, .readAuditLog, .exportData, .manageBilling:
        false
      }
    case .readOnly:
      switch action {
      case .readAccount, .readNumbers, .leave: true
      case .nameAccount, .manageProjects, .archiveProjects, .manageKeys, .manageLinks, .manageMembers, .manageOwners,
        .readAuditLog, .exportData, .manageBilling:
        false
      }
    }
  }

  /// What right it takes to change a membership, which depends on whose it is and what it becomes.
  package static func action(toChange member: Account.Role?, to role: Account.Role?) -> Action {
    member == .owner || role == .owner ? .manageOwners : .manageMembers
  }
}
