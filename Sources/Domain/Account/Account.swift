public import struct Foundation.UUID

/// The tenant that pays. Stream `account-<id>`.
public struct Account: Decider {
  /// Nil until it is opened.
  public private(set) var id: UUID?
  /// What it pays for.
  public private(set) var tier: Tier = .free
  /// Live events it may track in a calendar month (UTC), as last set.
  public private(set) var monthlyQuota = 0
  /// What the operator granted it beside that, last.
  public private(set) var grant = AccountGrant()
  /// Who may act for it, and as what.
  public private(set) var members: [UUID: Role] = [:]
  /// The projects that count against the tier's limit.
  public private(set) var projects: Set<UUID> = []
  /// Everyone ever asked to join, by the invitation's id.
  public private(set) var invitations: [UUID: Invitation] = [:]
  /// Whether nobody uses it any more.
  public private(set) var isClosed = false

  /// An account nobody has opened yet.
  public init() {}

  /// What a member may do: the owner everything, an admin all but owning, a member work, a reader look.
  public enum Role: String, Codable, Sendable, CaseIterable {
    case owner, admin, member
    case readOnly = "read_only"
  }

  /// What can have happened to an account.
  public enum Event: RecordedEvent {
    case opened(AccountOpened)
    case memberAdded(MemberAdded)
    case memberRoleChanged(MemberRoleChanged)
    case memberRemoved(MemberRemoved)
    case memberInvited(MemberInvited)
    case invitationAccepted(InvitationAccepted)
    case invitationRevoked(InvitationRevoked)
    case projectAdded(ProjectAdded)
    case projectRemoved(ProjectRemoved)
    case closed(AccountClosed)
    case tierChanged(TierChanged)
    case granted(AccountGranted)
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .opened(let opened):
      id = opened.accountID
      tier = opened.tier
      monthlyQuota = opened.monthlyQuota
    case .memberAdded(let added): members[added.userID] = added.role
    case .memberRoleChanged(let changed): members[changed.userID] = changed.role
    case .memberRemoved(let removed): members[removed.userID] = nil
    case .memberInvited(let invited): invitations[invited.invitationID] = Invitation(invited)
    case .invitationAccepted(let accepted): invitations[accepted.invitationID]?.end = .accepted(by: accepted.userID)
    case .invitationRevoked(let revoked): invitations[revoked.invitationID]?.end = .revoked
    case .projectAdded(let added): projects.insert(added.projectID)
    case .projectRemoved(let removed): projects.remove(removed.projectID)
    case .closed: isClosed = true
    case .tierChanged(let changed):
      tier = changed.tier
      monthlyQuota = changed.monthlyQuota
    case .granted(let granted): grant = AccountGrant(granted)
    }
  }
}

/// A tenant exists from here on, with a tier and the monthly quota that the tier had at that moment.
public struct AccountOpened: EventData {
  /// As the log has it; never changes.
  public static let type = "account_opened"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The new tenant.
  public var accountID: UUID
  /// What it pays for.
  public var tier: Tier
  /// Live events it may track in a calendar month (UTC): the tier's quota at that moment.
  public var monthlyQuota: Int

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case tier
    case monthlyQuota = "monthly_quota"
  }
}

/// A person may act for the account.
public struct MemberAdded: EventData {
  /// As the log has it; never changes.
  public static let type = "member_added"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account acted for.
  public var accountID: UUID
  /// The person.
  public var userID: UUID
  /// What they may do.
  public var role: Account.Role

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case userID = "user_id"
    case role
  }
}

/// The account has one more project; the project's own stream says the rest.
public struct ProjectAdded: EventData {
  /// As the log has it; never changes.
  public static let type = "project_added"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose the project is.
  public var accountID: UUID
  /// The further project.
  public var projectID: UUID

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case projectID = "project_id"
  }
}
