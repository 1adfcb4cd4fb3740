public import struct Foundation.UUID

extension Account {
  /// What can be asked of an account. Whether the asker may is decided before, by the one table of permissions.
  public enum Command: Sendable {
    case open(id: UUID, tier: Tier, owner: UUID)
    case addProject(UUID)
    case removeProject(UUID)
    /// `invitee` is the person who owns the address, if anybody does yet; `at` the time, in milliseconds since 1970.
    case invite(MemberInvited, invitee: UUID?, at: Int64)
    case accept(invitation: UUID, tokenHash: String, by: UUID, at: Int64)
    case revokeInvitation(UUID)
    case changeRole(of: UUID, to: Role)
    case removeMember(UUID)
    /// The person is erased: they go whatever their role is, and the account that they were the last owner of closes.
    case forget(UUID)
    /// The person has only now shown who they are: what was done in their name before is undone.
    case reclaim(by: UUID, whole: Bool)
    case close
    case changeTier(Tier)
    /// What holds beside the tier from `at` on, in milliseconds since 1970; of nothing: what was granted is taken back.
    case grant(AccountGrant, because: String, at: Int64)
  }

  /// The events that follow from a command.
  public func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .open(let id, let tier, let owner): try open(id, tier, owner: owner)
    case .addProject(let project): try add(project)
    case .removeProject(let project): try remove(project)
    case .invite(let invited, let invitee, let now): try invite(invited, invitee: invitee, at: now)
    case .accept(let invitation, let tokenHash, let user, let now):
      try accept(invitation, tokenHash: tokenHash, by: user, at: now)
    case .revokeInvitation(let invitation): try revoke(invitation)
    case .changeRole(let user, let role): try change(user, to: role)
    case .removeMember(let user): try remove(member: user)
    case .forget(let user): forget(user)
    case .reclaim(let user, let whole): reclaim(by: user, whole: whole)
    case .close: try close()
    case .changeTier(let tier): try change(to: tier)
    case .grant(let grant, let reason, let now): try self.grant(grant, because: reason, at: now)
    }
  }

  private func open(_ id: UUID, _ tier: Tier, owner: UUID) throws(Failure) -> [Event] {
    guard self.id == nil else { throw .alreadyOpen }
    return [
      .opened(AccountOpened(accountID: id, tier: tier, monthlyQuota: tier.monthlyQuota)),
      .memberAdded(MemberAdded(accountID: id, userID: owner, role: .owner)),
    ]
  }

  private func add(_ project: UUID) throws(Failure) -> [Event] {
    let id = try openID()
    guard !projects.contains(project) else { return [] }
    guard projects.count < tier.projectLimit else { throw .projectLimitReached(tier) }
    return [.projectAdded(ProjectAdded(accountID: id, projectID: project))]
  }

  private func remove(_ project: UUID) throws(Failure) -> [Event] {
    let id = try openID()
    return projects.contains(project) ? [.projectRemoved(ProjectRemoved(accountID: id, projectID: project))] : []
  }

  private func close() throws(Failure) -> [Event] {
    guard let id else { throw .notOpen }
    return isClosed ? [] : [.closed(AccountClosed(accountID: id))]
  }

  /// The account's id, of one that things can still happen to.
  func openID() throws(Failure) -> UUID {
    guard let id else { throw .notOpen }
    guard !isClosed else { throw .closed }
    return id
  }

  /// Counts at once, up and down: who pays less may track less from now on. What is kept of the past follows by its own rule
  /// (``Retention``). The same tier again sets the quota that it has by now.
  private func change(to tier: Tier) throws(Failure) -> [Event] {
    let id = try openID()
    guard tier != self.tier || tier.monthlyQuota != monthlyQuota else { return [] }
    guard tier == self.tier || projects.count <= tier.projectLimit else { throw .tooManyProjects(projects, for: tier) }
    return [.tierChanged(TierChanged(accountID: id, tier: tier, monthlyQuota: tier.monthlyQuota))]
  }
}
