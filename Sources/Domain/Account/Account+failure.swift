public import struct Foundation.UUID

extension Account {
  /// Why an account turns a command down.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case alreadyOpen
    case notOpen
    case closed
    case projectLimitReached(Tier)
    case lastOwner
    case noSuchMember(UUID)
    case alreadyMember(UUID)
    case noSuchInvitation(UUID)
    case invitationDiffers(UUID)
    case invitationUsed
    case invitationRevoked
    case invitationExpired
    case tooManyInvitations(maximum: Int)
    /// It has more projects than the lower tier allows.
    case tooManyProjects(Set<UUID>, for: Tier)
    case badReason(maximumCharacters: Int)
    case badGrantedRate(highest: Int)
    case badGrantEnd

    /// What was wrong, and what to do.
    public var description: String {
      switch self {
      case .alreadyOpen: "the account is open already"
      case .notOpen: "there is no such account"
      case .closed: "the account is closed: nothing about it can be changed any more"
      case .projectLimitReached(let tier):
        "the tier \(tier.rawValue) has room for \(tier.projectLimit) \(tier.projectLimit == 1 ? "project" : "projects"), and "
          + "all of it is taken: archive a project, or move to a larger tier"
      case .tooManyProjects(let projects, let tier):
        "the tier \(tier.rawValue) has room for \(tier.projectLimit) \(tier.projectLimit == 1 ? "project" : "projects"), and the "
          + "account has \(projects.count): archive \(projects.count - tier.projectLimit) first"
      case .lastOwner:
        "this is the account's last owner, who can neither leave nor get another role: make someone else owner first"
      case .noSuchMember(let user): "the account has no member \(user.uuidString.lowercased())"
      case .alreadyMember(let user): "user \(user.uuidString.lowercased()) is a member of the account already"
      case .noSuchInvitation: "there is no such invitation"
      case .invitationDiffers(let invitation):
        "invitation \(invitation.uuidString.lowercased()) was sent to another address or for another role: use a new id"
      case .invitationUsed: "the invitation was accepted already"
      case .invitationRevoked: "the invitation was withdrawn: ask for a new one"
      case .invitationExpired: "the invitation has expired: ask for a new one"
      case .tooManyInvitations(let maximum):
        "the account has \(maximum) open invitations, which is the most: wait until some are accepted, or withdraw some"
      case .badReason(let maximum):
        "a grant's reason must have \(NameRule.allowed(maximumCharacters: maximum))"
      case .badGrantedRate(let highest): "a rate that is granted must be 1 to \(highest) a second"
      case .badGrantEnd: "a grant must end after now, or never; one that is taken back has ended"
      }
    }
  }
}
