package import struct Foundation.UUID

/// The tenant that pays. Stream `account-<id>`.
package struct Account: Decider {
  /// Nil until it is opened.
  package private(set) var id: UUID?
  /// What its members call it; nil where nobody has named it.
  package private(set) var name: String?
  /// What it pays for.
  package private(set) var tier: Tier = .free
  /// What it has by the operator's word alone: no subscription's end takes that.
  package private(set) var operatorTier: Tier = .free
  /// What it may track, month by month.
  package private(set) var quota = AccountQuota()
  /// What the operator granted it beside that, last.
  package private(set) var grant = AccountGrant()
  /// Who may act for it, and as what.
  package private(set) var members: [UUID: Role] = [:]
  /// The projects that count against the tier's limit.
  package private(set) var projects: Set<UUID> = []
  /// These, and those in the archive: their keys read.
  package private(set) var everyProject: Set<UUID> = []
  /// Everyone ever asked to join, by the invitation's id.
  package private(set) var invitations: [UUID: Invitation] = [:]
  /// What its requests are made by, of a demo; nil: somebody sends them.
  package private(set) var demo: DemoRecipe?
  /// Whether nobody uses it any more.
  package private(set) var isClosed = false

  /// An account nobody has opened yet.
  package init() {}

  /// What a member may do: the owner everything, an admin all but owning, a member work, a reader look.
  package enum Role: String, Codable, Sendable, CaseIterable {
    case owner, admin, member
    case readOnly = "read_only"
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .opened(let opened):
      id = opened.accountID
      tier = opened.tier
      operatorTier = opened.tier
      quota.paid = MonthlyQuota(live: opened.monthlyQuota, test: opened.tier.testQuota)
    case .markedDemo(let marked): demo = marked.recipe
    case .named(let named): name = named.name
    case .memberAdded(let added): members[added.userID] = added.role
    case .memberRoleChanged(let changed): members[changed.userID] = changed.role
    case .memberRemoved(let removed): members[removed.userID] = nil
    case .memberInvited(let invited): invitations[invited.invitationID] = Invitation(invited)
    case .invitationAccepted(let accepted): invitations[accepted.invitationID]?.end = .accepted(by: accepted.userID)
    case .invitationRevoked(let revoked): invitations[revoked.invitationID]?.end = .revoked
    case .projectAdded(let added):
      projects.insert(added.projectID)
      everyProject.insert(added.projectID)
    case .projectRemoved(let removed): projects.remove(removed.projectID)
    case .closed: isClosed = true
    case .tierChanged(let changed):
      tier = changed.tier
      if changed.cause == .operator { operatorTier = changed.tier }
      quota.take(changed)
    case .granted(let granted):
      grant = AccountGrant(granted)
      quota.take(granted)
    }
  }
}

/// A tenant exists from here on, with a tier and the monthly quota that the tier had at that moment.
package struct AccountOpened: EventData {
  package static let kind = EventKind("account_opened", isSecurityRelevant: true)
  /// The new tenant.
  package var accountID: UUID
  /// What it pays for.
  package var tier: Tier
  /// Live events it may track in a calendar month (UTC): the tier's quota at that moment.
  package var monthlyQuota: Int
}

/// The account has a name, or another one, from here on.
package struct AccountNamed: EventData {
  package static let kind = EventKind("account_named", isSecurityRelevant: true)
  /// Which account.
  package var accountID: UUID
  /// What its members call it: people's own names stay out of the log.
  package var name: String
}

/// A person may act for the account.
package struct MemberAdded: EventData {
  package static let kind = EventKind("member_added", isSecurityRelevant: true)
  /// The account acted for.
  package var accountID: UUID
  /// The person.
  package var userID: UUID
  /// What they may do.
  package var role: Account.Role
}

/// The account has one more project; the project's own stream says the rest.
package struct ProjectAdded: EventData {
  package static let kind = EventKind("project_added")
  /// Whose the project is.
  package var accountID: UUID
  /// The further project.
  package var projectID: UUID
}
