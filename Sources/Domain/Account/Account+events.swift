extension Account {
  /// What can have happened to an account.
  package enum Event: RecordedEvent {
    case opened(AccountOpened)
    case markedDemo(AccountMarkedDemo)
    case named(AccountNamed)
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
}

extension Account.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(opened),
    EventCase(markedDemo),
    EventCase(named),
    EventCase(memberAdded),
    EventCase(memberRoleChanged),
    EventCase(memberRemoved),
    EventCase(memberInvited),
    EventCase(invitationAccepted),
    EventCase(invitationRevoked),
    EventCase(projectAdded),
    EventCase(projectRemoved),
    EventCase(closed),
    EventCase(tierChanged),
    EventCase(granted),
  ]
}
