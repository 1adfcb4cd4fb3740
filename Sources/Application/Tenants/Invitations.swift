package import Domain
package import EventLog
package import Foundation

/// How people join an account: someone with the right to invites an address, whose owner accepts by the token in the mail.
package struct Invitations: Sendable {
  let log: Log
  let vault: Vault
  let secrets: Secrets
  let throttle: Throttle
  let changes: ChangeLimit
  let clock: any WallClock

  /// Long enough to come back from a holiday.
  private static let lifetime = Duration.days(14)

  /// Over an open log.
  package init(
    log: Log, vault: Vault, secrets: Secrets, throttle: Throttle, changes: ChangeLimit, clock: any WallClock
  ) {
    self.log = log
    self.vault = vault
    self.secrets = secrets
    self.throttle = throttle
    self.changes = changes
    self.clock = clock
  }

  /// Invites an address; the mail goes out by the event. The invitation as the log has it: the same request once more adds nothing, and
  /// what it would have added now is not what holds. Throws ``AccessError``, `Account.Failure` and ``Throttled``.
  package func invite(
    _ address: EmailAddress, as role: Account.Role, to account: UUID, id: UUID? = nil, by actor: Actor
  ) async throws -> (invited: MemberInvited, recorded: Recorded) {
    let unsealed = try await invitation(to: address, as: role, account, by: actor, id: id)
    let invitee = try await owner(of: unsealed.emailDigest)
    var sealed: MemberInvited?
    let stream = StreamID.account(account, shard: log.shards.shard(of: account))
    let appended = try await log.handle(Account.self, on: stream, from: actor.origin) { state in
      try Access.check(Permissions.action(toChange: nil, to: role), on: state, account, of: actor.userID)
      let command = { Account.Command.invite($0, invitee: invitee, at: clock.now) }
      // Only what sends a mail counts, once: neither what is turned down, nor the same request once more.
      guard try !state.decide(command(sealed ?? unsealed)).isEmpty else { return [] }
      if sealed == nil {
        try await changes.take(account)
        sealed = try await seal(unsealed, address)
      }
      return try state.decide(command(sealed ?? unsealed))
    }
    let held = appended.state.invitations[unsealed.invitationID]
    var invited = sealed ?? unsealed
    if let held { invited.expiresAt = held.expiresAt }
    return (invited, Recorded(shard: stream.shard, position: appended.position))
  }

  /// Withdraws an invitation. The copy of the address is forgotten with it.
  package func revoke(_ invitation: UUID, of account: UUID, by actor: Actor) async throws -> Recorded {
    let recorded = try await AccountCommands(log: log, changes: changes).handle(
      .revokeInvitation(invitation), on: account, by: actor
    ) { Permissions.action(toChange: nil, to: $0.invitations[invitation]?.role) }
    try await vault.erase(invitation)
    return recorded
  }

  /// The person invited joins; they have no role yet that could give a right: the token is the right. What they are now. Throws
  /// ``InvitationRefused`` and `Account.Failure`.
  package func accept(
    token text: String, by actor: Actor
  ) async throws -> (account: UUID, role: Account.Role?, recorded: Recorded) {
    let key = try await secrets.key(.mailTokenKey)
    guard let token = MailToken(parsing: text, purpose: MailToken.invitation, key: key) else {
      throw InvitationRefused.noToken
    }
    let stream = StreamID.account(token.owner, shard: log.shards.shard(of: token.owner))
    let appended = try await log.handle(Account.self, on: stream, from: actor.origin) { state in
      guard let invitation = state.invitations[token.id] else { throw Account.Failure.noSuchInvitation(token.id) }
      guard try await owner(of: invitation.emailDigest) == actor.userID else { throw InvitationRefused.forAnother }
      return try state.decide(
        .accept(invitation: token.id, tokenHash: token.hash, by: actor.userID, at: clock.now))
    }
    // The invitation's copy of the address has served; the person's own stays with the person.
    try await vault.erase(token.id)
    return (
      token.owner, appended.state.members[actor.userID], Recorded(shard: stream.shard, position: appended.position)
    )
  }

  private func seal(_ invitation: MemberInvited, _ address: EmailAddress) async throws -> MemberInvited {
    try await throttle.take(
      .invitation, digest: invitation.emailDigest, client: nil, actor: invitation.invitedBy,
      account: invitation.accountID)
    var sealed = invitation
    sealed.emailSealed = try await vault.seal(address.normalized, for: invitation.invitationID)
    return sealed
  }

  /// Without the address, which is sealed once it is sure that the invitation is sent.
  private func invitation(
    to address: EmailAddress, as role: Account.Role, _ account: UUID, by actor: Actor, id: UUID?
  ) async throws -> MemberInvited {
    let now = clock.now
    var random = SystemRandomNumberGenerator()
    let id = id ?? .v7(at: now, using: &random)
    let token = MailToken(
      id: id, purpose: MailToken.invitation, owner: account, key: try await secrets.key(.mailTokenKey))
    return MemberInvited(
      accountID: account, invitationID: id, emailDigest: try await vault.digest(address), emailSealed: "", role: role,
      tokenHash: token.hash, expiresAt: now + Self.lifetime, invitedBy: actor.userID)
  }

  /// Whose an address is, if anybody's.
  private func owner(of digest: String) async throws -> UUID? {
    try await log.load(EmailClaim.self, from: .email(digest, shards: log.shards)).state.owner
  }
}

/// Why somebody can't accept an invitation.
package enum InvitationRefused: Error, Sendable, Equatable {
  /// A text that no invitation holds.
  case noToken
  /// It was sent to another's address.
  case forAnother
}
