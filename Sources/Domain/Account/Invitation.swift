public import struct Foundation.UUID

/// What an account knows of someone it asked to join.
public struct Invitation: Sendable, Equatable {
  /// Hex HMAC-SHA256 of the invited address under the log's pepper: only its owner may accept.
  public var emailDigest: String
  /// What they will be.
  public var role: Account.Role
  /// Hex SHA-256 of the token that the mail holds.
  public var tokenHash: String
  /// When it can be accepted no more, in milliseconds since 1970-01-01T00:00:00Z.
  public var expiresAt: Int64
  /// The member who asked.
  public var invitedBy: UUID
  /// How it ended; nil while it can be accepted, or until it expired.
  public var end: End?

  /// How an invitation ended.
  public enum End: Sendable, Equatable {
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
  func isOpen(at now: Int64) -> Bool { end == nil && now < expiresAt }
}

/// Someone was asked by mail to join the account.
public struct MemberInvited: EventData {
  /// As the log has it; never changes.
  public static let type = "member_invited"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account to join.
  public var accountID: UUID
  /// The new invitation; also the subject whose key seals the address, for the person may not be known yet.
  public var invitationID: UUID
  /// Hex HMAC-SHA256 of the normalised address under the log's pepper.
  public var emailDigest: String
  /// Base64 of nonce, ciphertext and tag (AES-256-GCM).
  public var emailSealed: String
  /// What they will be.
  public var role: Account.Role
  /// Hex SHA-256 of the token in the mail.
  public var tokenHash: String
  /// When it can be accepted no more, in milliseconds since 1970-01-01T00:00:00Z.
  public var expiresAt: Int64
  /// The member who asked.
  public var invitedBy: UUID

  /// An invitation.
  public init(
    accountID: UUID, invitationID: UUID, emailDigest: String, emailSealed: String, role: Account.Role,
    tokenHash: String, expiresAt: Int64, invitedBy: UUID
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

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case invitationID = "invitation_id"
    case emailDigest = "email_digest"
    case emailSealed = "email_sealed"
    case role
    case tokenHash = "token_hash"
    case expiresAt = "expires_at"
    case invitedBy = "invited_by"
  }
}

/// The person invited joined; `member_added` stands beside it.
public struct InvitationAccepted: EventData {
  /// As the log has it; never changes.
  public static let type = "invitation_accepted"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account joined.
  public var accountID: UUID
  /// The invitation, used up.
  public var invitationID: UUID
  /// Who joined.
  public var userID: UUID

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case invitationID = "invitation_id"
    case userID = "user_id"
  }
}

/// An invitation was withdrawn, or replaced by a newer one to the same address.
public struct InvitationRevoked: EventData {
  /// As the log has it; never changes.
  public static let type = "invitation_revoked"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The account that it was for.
  public var accountID: UUID
  /// The invitation that can't be accepted any more.
  public var invitationID: UUID

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case invitationID = "invitation_id"
  }
}
