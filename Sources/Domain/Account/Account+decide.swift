public import struct Foundation.UUID

extension Account {
  /// What can be asked of an account.
  public enum Command: Sendable {
    case open(id: UUID, tier: Tier, owner: UUID)
    case addProject(UUID)
  }

  /// Why an account turns a command down.
  public enum Failure: Error, Equatable {
    case alreadyOpen
    case notOpen
    case projectLimitReached(Tier)
  }

  /// The events that follow from a command.
  public func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .open(let id, let tier, let owner):
      guard self.id == nil else { throw .alreadyOpen }
      return [
        .opened(AccountOpened(accountID: id, tier: tier, monthlyQuota: tier.monthlyQuota)),
        .memberAdded(MemberAdded(accountID: id, userID: owner, role: .owner)),
      ]
    case .addProject(let project):
      guard let id else { throw .notOpen }
      guard !projects.contains(project) else { return [] }
      guard projects.count < tier.projectLimit else { throw .projectLimitReached(tier) }
      return [.projectAdded(ProjectAdded(accountID: id, projectID: project))]
    }
  }
}
