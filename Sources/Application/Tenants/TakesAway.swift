import Domain

/// What takes rights away is no change that anybody can have used up: who made an account's changes of a day must not keep its owner from
/// getting rid of them, or of a key that leaked. Each of these events needs one before it that was counted, so that a stream stays
/// bounded without.
extension Account.Event {
  /// - Parameter account: as it was before.
  func takesAway(from account: Account) -> Bool {
    switch self {
    case .memberRemoved, .invitationRevoked, .projectRemoved, .closed: true
    case .memberRoleChanged(let changed): account.members[changed.userID].map { changed.role.isBelow($0) } ?? false
    case .opened, .markedDemo, .named, .memberAdded, .memberInvited, .invitationAccepted, .projectAdded, .tierChanged,
      .granted:
      false
    }
  }
}

extension Project.Event {
  /// Whether a right, or a place, ends with it and none begins.
  var takesAway: Bool {
    switch self {
    case .keyRevoked, .linkRevoked, .archived, .viewRemoved, .annotationRemoved: true
    case .created, .renamed, .unarchived, .keyIssued, .keyRotated, .linkShared, .telemetryVoided, .viewSaved,
      .annotationAdded:
      false
    }
  }
}

extension Account.Role {
  fileprivate func isBelow(_ other: Account.Role) -> Bool { rank < other.rank }

  private var rank: Int {
    switch self {
    case .owner: 3
    case .admin: 2
    case .member: 1
    case .readOnly: 0
    }
  }
}
