package import struct Foundation.UUID

extension Account {
  /// Why an account turns a command down.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case alreadyOpen
    case notOpen
    case closed
    case badName(maximumCharacters: Int)
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
    case badReason(maximumCharacters: Int)
    case badGrantedRate(highest: Int)
    case badGrantedQuota(highest: Int)
    case badGrantEnd

    /// What was wrong, and what to do.
    package var description: String {
      switch self {
      case .alreadyOpen: "the account is open already"
      case .notOpen: "there is no such account"
      case .closed: "the account is closed: nothing about it can be changed any more"
      case .badName(let maximum): "an account's name must have \(NameRule.allowed(maximumCharacters: maximum))"
      case .projectLimitReached(let tier):
        "the tier \(tier.rawValue) has room for \(tier.projectLimit) \(tier.projectLimit == 1 ? "project" : "projects"), and "
          + "all of it is taken: archive a project, or move to a larger tier"
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
      case .badGrantedQuota(let highest): "a quota that is granted must be 1 to \(highest) a month"
      case .badGrantEnd: "a grant must end after now, or never; one that is taken back has ended"
      }
    }
  }
}
