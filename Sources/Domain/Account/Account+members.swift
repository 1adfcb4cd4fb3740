import struct Foundation.UUID

/// Who belongs to the account. There is always an owner: the last one neither leaves nor becomes anything else.
extension Account {
  func change(_ user: UUID, to role: Role) throws(Failure) -> [Event] {
    let id = try openID()
    guard let current = members[user] else { throw .noSuchMember(user) }
    guard current != role else { return [] }
    guard !isLastOwner(user) else { throw .lastOwner }
    return [.memberRoleChanged(MemberRoleChanged(accountID: id, userID: user, role: role))]
  }

  func remove(member user: UUID) throws(Failure) -> [Event] {
    let id = try openID()
    guard members[user] != nil else { throw .noSuchMember(user) }
    guard !isLastOwner(user) else { throw .lastOwner }
    return [.memberRemoved(MemberRemoved(accountID: id, userID: user))]
  }

  func forget(_ user: UUID) -> [Event] {
    guard let id, members[user] != nil else { return [] }
    let removed = Event.memberRemoved(MemberRemoved(accountID: id, userID: user))
    return isLastOwner(user) && !isClosed ? [.closed(AccountClosed(accountID: id)), removed] : [removed]
  }

  private func isLastOwner(_ user: UUID) -> Bool {
    members[user] == .owner && members.values.count { $0 == .owner } == 1
  }
}
