import struct Foundation.UUID

/// Who belongs to the account. There is always an owner: the last one neither leaves nor becomes anything else.
extension Account {
  func change(_ user: UUID, to role: Role) throws(Failure) -> [Event] {
    let id = try openID()
    guard let current = members[user] else { throw .noSuchMember(user) }
    guard current != role else { return [] }
    guard !isLastOwner(user) else { throw .lastOwner }
    let changed = Event.memberRoleChanged(MemberRoleChanged(accountID: id, userID: user, role: role))
    return [changed] + (role == .owner ? [] : withdrawals(of: user, id))
  }

  func remove(member user: UUID) throws(Failure) -> [Event] {
    let id = try openID()
    guard members[user] != nil else { throw .noSuchMember(user) }
    guard !isLastOwner(user) else { throw .lastOwner }
    return [.memberRemoved(MemberRemoved(accountID: id, userID: user))] + withdrawals(of: user, id)
  }

  func forget(_ user: UUID) -> [Event] {
    guard let id, members[user] != nil else { return [] }
    let removed = Event.memberRemoved(MemberRemoved(accountID: id, userID: user))
    return isLastOwner(user) && !isClosed ? [.closed(AccountClosed(accountID: id)), removed] : [removed]
  }

  /// What somebody offered goes with the right to offer it: they may have asked themselves, under another address.
  private func withdrawals(of user: UUID, _ id: UUID) -> [Event] {
    invitations.filter { $1.end == nil && $1.invitedBy == user }.keys.sorted { $0.uuidString < $1.uuidString }
      .map { .invitationRevoked(InvitationRevoked(accountID: id, invitationID: $0)) }
  }

  private func isLastOwner(_ user: UUID) -> Bool {
    members[user] == .owner && members.values.count { $0 == .owner } == 1
  }
}
