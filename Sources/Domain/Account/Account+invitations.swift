import struct Foundation.UUID

/// How people join.
extension Account {
  /// Each open invitation is a mail to someone who may not have asked for it: enough for a team, useless for spam.
  package static let maximumOpenInvitations = 25

  /// A further invitation to the same address replaces the one before, whose mail may have gone astray.
  func invite(_ invited: MemberInvited, invitee: UUID?, at now: Instant) throws(Failure) -> [Event] {
    let id = try openID()
    if let known = invitations[invited.invitationID] {
      // The same request once more.
      guard known.emailDigest == invited.emailDigest, known.role == invited.role else {
        throw .invitationDiffers(invited.invitationID)
      }
      return []
    }
    if let invitee, members[invitee] != nil { throw .alreadyMember(invitee) }
    let open = invitations.filter { $1.isOpen(at: now) }
    let replaced = open.filter { $1.emailDigest == invited.emailDigest }.keys.sorted { $0.uuidString < $1.uuidString }
    guard open.count - replaced.count < Self.maximumOpenInvitations else {
      throw .tooManyInvitations(maximum: Self.maximumOpenInvitations)
    }
    return replaced.map { .invitationRevoked(InvitationRevoked(accountID: id, invitationID: $0)) }
      + [.memberInvited(invited)]
  }

  func accept(_ invitation: UUID, tokenHash: String, by user: UUID, at now: Instant) throws(Failure) -> [Event] {
    let id = try openID()
    guard let known = invitations[invitation], known.tokenHash == tokenHash else { throw .noSuchInvitation(invitation) }
    switch known.end {
    // The same request once more.
    case .accepted(let earlier) where earlier == user && members[user] != nil: return []
    case .accepted: throw .invitationUsed
    case .revoked: throw .invitationRevoked
    case nil: break
    }
    guard known.isOpen(at: now) else { throw .invitationExpired }
    guard members[user] == nil else { throw .alreadyMember(user) }
    return [
      .memberAdded(MemberAdded(accountID: id, userID: user, role: known.role)),
      .invitationAccepted(InvitationAccepted(accountID: id, invitationID: invitation, userID: user)),
    ]
  }

  func revoke(_ invitation: UUID) throws(Failure) -> [Event] {
    let id = try openID()
    guard let known = invitations[invitation] else { throw .noSuchInvitation(invitation) }
    switch known.end {
    case .accepted: throw .invitationUsed
    case .revoked: return []
    case nil: return [.invitationRevoked(InvitationRevoked(accountID: id, invitationID: invitation))]
    }
  }
}
