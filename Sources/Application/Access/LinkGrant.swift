package import Domain
package import Foundation

/// What a shared link shows, as the directory read model has it, or its project and account themselves.
package struct LinkGrant: Sendable {
  /// By which it is revoked.
  package let id: UUID
  /// What it shows the numbers of.
  package let project: ListedProject
  /// Which events it shows the numbers of.
  package let mode: KeyMode
  /// Under which filters.
  package let filters: LinkFilters
  private let isRevoked: Bool
  private let isProjectArchived: Bool
  private let isAccountClosed: Bool
  private let expiresAt: Instant?

  init(
    id: UUID, project: ListedProject, mode: KeyMode, filters: LinkFilters, isRevoked: Bool, isAccountClosed: Bool,
    expiresAt: Instant?
  ) {
    (self.id, self.project, self.mode, self.filters) = (id, project, mode, filters)
    (self.isRevoked, self.isAccountClosed, self.expiresAt) = (isRevoked, isAccountClosed, expiresAt)
    isProjectArchived = project.archivedAt != nil
  }

  /// Nil where the project has no such link.
  init?(_ listed: LinkGrant, project: Project, account: Account) {
    guard let link = project.links[listed.id] else { return nil }
    (id, mode, filters, expiresAt) = (listed.id, link.mode, link.filters, link.expiresAt)
    self.project = listed.project.named(project.name)
    (isRevoked, isProjectArchived, isAccountClosed) = (link.isRevoked, project.isArchived, account.isClosed)
  }

  /// Whether it shows anything at a time.
  func works(at now: Instant) -> Bool {
    LinkStatus(isRevoked: isRevoked, expiresAt: expiresAt, at: now) == .active && !isProjectArchived
      && !isAccountClosed
  }
}

extension ListedProject {
  fileprivate func named(_ name: String) -> ListedProject {
    ListedProject(
      id: id, accountID: accountID, name: name, createdAt: createdAt, archivedAt: archivedAt, isDemo: isDemo)
  }
}
