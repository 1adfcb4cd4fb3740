package import struct Foundation.UUID

extension Account {
  /// What can be asked of an account. Whether the asker may is decided before, by the one table of permissions.
  package enum Command: Sendable {
    case open(id: UUID, tier: Tier, owner: UUID)
    /// Nobody owns a demo.
    case openDemo(id: UUID, tier: Tier, DemoRecipe)
    case name(String)
    /// `at` is the time: what was granted may have ended.
    case addProject(UUID, at: Instant)
    case removeProject(UUID)
    /// `invitee` is the person who owns the address, if anybody does yet; `at` the time.
    case invite(MemberInvited, invitee: UUID?, at: Instant)
    case accept(invitation: UUID, tokenHash: String, by: UUID, at: Instant)
    case revokeInvitation(UUID)
    case changeRole(of: UUID, to: Role)
    case removeMember(UUID)
    /// The person is erased: they go whatever their role is, and the account that they were the last owner of closes.
    case forget(UUID)
    /// The person has only now shown who they are: what was done in their name before is undone.
    case reclaim(by: UUID, whole: Bool)
    case close
    case changeTier(Tier, because: TierChanged.Cause, at: Instant)
    /// What holds beside the tier from `at` on; of nothing: what was granted is taken back.
    case grant(AccountGrant, because: String, at: Instant)
  }

  /// The events that follow from a command.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .open(let id, let tier, let owner): try open(id, tier, owner: owner)
    case .openDemo(let id, let tier, let recipe): try open(id, tier, demo: recipe)
    case .name(let name): try self.name(name)
    case .addProject(let project, let now): try add(project, at: now)
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
    case .changeTier(let tier, let cause, let now): try change(to: tier, because: cause, at: now)
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

  private func open(_ id: UUID, _ tier: Tier, demo recipe: DemoRecipe) throws(Failure) -> [Event] {
    guard self.id == nil else { throw .alreadyOpen }
    return [
      .opened(AccountOpened(accountID: id, tier: tier, monthlyQuota: tier.monthlyQuota)),
      .markedDemo(AccountMarkedDemo(accountID: id, recipe)),
    ]
  }

  /// Long enough for any real name.
  package static let maximumNameLength = 100

  private func name(_ name: String) throws(Failure) -> [Event] {
    let id = try openID()
    guard NameRule.takes(name, maximumCharacters: Self.maximumNameLength) else {
      throw .badName(maximumCharacters: Self.maximumNameLength)
    }
    return name == self.name ? [] : [.named(AccountNamed(accountID: id, name: name))]
  }

  private func add(_ project: UUID, at now: Instant) throws(Failure) -> [Event] {
    let id = try openID()
    guard !projects.contains(project) else { return [] }
    let tier = tier(at: now)
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
}
