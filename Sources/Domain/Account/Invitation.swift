package import struct Foundation.UUID

/// What an account knows of someone it asked to join.
package struct Invitation: Sendable, Equatable {
  /// Hex HMAC-SHA256 of the invited address under the log's pepper: only its owner may accept.
  package var emailDigest: String
  /// What they will be.
  package var role: Account.Role
  /// Hex SHA-256 of the token that the mail holds.
  package var tokenHash: String
  /// When it can be accepted no more.
  package var expiresAt: Instant
  /// The member who asked.
  package var invitedBy: UUID
  /// How it ended; nil while it can be accepted, or until it expired.
  package var end: End?

  /// How an invitation ended.
  package enum End: Sendable, Equatable {
    case accepted(by: UUID)
    case revoked
  }

  init(_ invited: MemberInvited) {
    emailDigest = invited.emailDigest
    role = invited.role
    tokenHash = invited.tokenHash
    expiresAt = invited.expiresAt
    invitedBy = invited.invitedBy
  }

  /// Whether it can be accepted.
  func isOpen(at now: Instant) -> Bool { end == nil && now < expiresAt }
}

/// Someone was asked by mail to join the account.
package struct MemberInvited: EventData {
  package static let kind = EventKind("member_invited", isSecurityRelevant: true)
  /// The account to join.
  package var accountID: UUID
  /// The new invitation; also the subject whose key seals the address, for the person may not be known yet.
  package var invitationID: UUID
  /// Hex HMAC-SHA256 of the normalised address under the log's pepper.
  package var emailDigest: String
  /// Base64 of nonce, ciphertext and tag (AES-256-GCM).
  package var emailSealed: String
  /// What they will be.
  package var role: Account.Role
  /// Hex SHA-256 of the token in the mail.
  package var tokenHash: String
  /// When it can be accepted no more.
  package var expiresAt: Instant
  /// The member who asked.
  package var invitedBy: UUID

  /// An invitation.
  package init(
    accountID: UUID, invitationID: UUID, emailDigest: String, emailSealed: String, role: Account.Role,
    tokenHash: String, expiresAt: Instant, invitedBy: UUID
  ) {
    self.accountID = accountID
    self.invitationID = invitationID
    self.emailDigest = emailDigest
    self.emailSealed = emailSealed
    self.role = role
    self.tokenHash = tokenHash
    self.expiresAt = expiresAt
    self.invitedBy = invitedBy
  }
}

/// The person invited joined; `member_added` stands beside it.
package struct InvitationAccepted: EventData {
  package static let kind = EventKind("invitation_accepted", isSecurityRelevant: true)
  /// The account joined.
  package var accountID: UUID
  /// The invitation, used up.
  package var invitationID: UUID
  /// Who joined.
  package var userID: UUID
}

/// An invitation was withdrawn, or replaced by a newer one to the same address.
package struct InvitationRevoked: EventData {
  package static let kind = EventKind("invitation_revoked", isSecurityRelevant: true)
  /// The account that it was for.
  package var accountID: UUID
  /// The invitation that can't be accepted any more.
  package var invitationID: UUID
}
