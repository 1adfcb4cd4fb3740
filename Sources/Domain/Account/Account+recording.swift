extension Account.Event {
  /// The event types of an account's stream.
  public static var types: [any EventData.Type] {
    [
      AccountOpened.self, MemberAdded.self, MemberRoleChanged.self, MemberRemoved.self, MemberInvited.self,
      InvitationAccepted.self, InvitationRevoked.self, ProjectAdded.self, ProjectRemoved.self, AccountClosed.self,
      TierChanged.self, AccountGranted.self,
    ]
  }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    switch data {
    case let opened as AccountOpened: self = .opened(opened)
    case let added as MemberAdded: self = .memberAdded(added)
    case let changed as MemberRoleChanged: self = .memberRoleChanged(changed)
    case let removed as MemberRemoved: self = .memberRemoved(removed)
    case let invited as MemberInvited: self = .memberInvited(invited)
    case let accepted as InvitationAccepted: self = .invitationAccepted(accepted)
    case let revoked as InvitationRevoked: self = .invitationRevoked(revoked)
    case let added as ProjectAdded: self = .projectAdded(added)
    case let removed as ProjectRemoved: self = .projectRemoved(removed)
    case let closed as AccountClosed: self = .closed(closed)
    case let changed as TierChanged: self = .tierChanged(changed)
    case let granted as AccountGranted: self = .granted(granted)
    default: return nil
    }
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .opened(let data): data
    case .memberAdded(let data): data
    case .memberRoleChanged(let data): data
    case .memberRemoved(let data): data
    case .memberInvited(let data): data
    case .invitationAccepted(let data): data
    case .invitationRevoked(let data): data
    case .projectAdded(let data): data
    case .projectRemoved(let data): data
    case .closed(let data): data
    case .tierChanged(let data): data
    case .granted(let data): data
    }
  }
}
