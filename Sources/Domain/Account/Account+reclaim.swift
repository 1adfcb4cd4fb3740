package import struct Foundation.UUID

/// An account falls to the person whose address it was opened with, once they have shown that they read its mail: somebody else may
/// have acted in their name before.
extension Account {
  /// A person, whom they invited, whom those invited, and so on.
  ///
  /// - Parameter whole: whether nobody else can have been asked to join by anybody but them: the account that signing up opened.
  package func followers(of user: UUID, whole: Bool) -> Set<UUID> {
    var found: Set<UUID> = whole ? Set(members.keys).union([user]) : [user]
    while true {
      let further = invitations.values.compactMap { invitation -> UUID? in
        guard case .accepted(let guest) = invitation.end, found.contains(invitation.invitedBy) else { return nil }
        return guest
      }
      guard !found.isSuperset(of: further) else { return found }
      found.formUnion(further)
    }
  }

  /// They stay, as owner where there would be none; their followers go, and what invitations these have open.
  func reclaim(by user: UUID, whole: Bool) -> [Event] {
    guard let id, !isClosed else { return [] }
    let followers = followers(of: user, whole: whole)
    let leaving = followers.subtracting([user]).filter { members[$0] != nil }
    let withdrawn = invitations.filter { $1.end == nil && (whole || followers.contains($1.invitedBy)) }.keys
    return restore(user, in: id, whole: whole, without: leaving)
      + Self.ordered(leaving).map { .memberRemoved(MemberRemoved(accountID: id, userID: $0)) }
      + Self.ordered(withdrawn).map { .invitationRevoked(InvitationRevoked(accountID: id, invitationID: $0)) }
  }

  private func restore(_ user: UUID, in id: UUID, whole: Bool, without leaving: Set<UUID>) -> [Event] {
    let keepsOwner = members.contains { $1 == .owner && !leaving.contains($0) }
    guard members[user] != .owner, whole || !keepsOwner else { return [] }
    return members[user] == nil
      ? [.memberAdded(MemberAdded(accountID: id, userID: user, role: .owner))]
      : [.memberRoleChanged(MemberRoleChanged(accountID: id, userID: user, role: .owner))]
  }

  /// The same order each time, so that a log can be compared with another.
  private static func ordered(_ ids: some Sequence<UUID>) -> [UUID] { ids.sorted { $0.uuidString < $1.uuidString } }
}
