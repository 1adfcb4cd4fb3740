import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// How people join an account: someone with the right to invites an address, whose owner accepts by the token in the mail.
struct InvitationRoutes: Sendable {
  private let tenancy: Tenancy
  private let secrets: Secrets
  private let invitations: String

  /// Long enough to come back from a holiday.
  private static let lifetime: Int64 = 14 * 86_400_000

  init(_ tenancy: Tenancy, secrets: Secrets, queries: QueryCatalog) throws {
    self.tenancy = tenancy
    self.secrets = secrets
    invitations = try queries.text("directory", "invitations")
  }

  func add(to router: Router<RecountContext>) {
    let group = router.group("/api/v1/accounts/:account_id/invitations")
    group.get(use: list)
    group.post(use: invite)
    group.delete(":invitation_id", use: revoke)
    router.post("/api/v1/invitations/accept", use: accept)
  }

  private func list(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await tenancy.authenticator.principal(of: request)
    let account = try await tenancy.account(context, .manageMembers, of: principal.userID)
    let parameters = ReadParameters(request)
    let limit = try parameters.limit(default: 50, maximum: 100)
    let now = Date(timeIntervalSince1970: Double(tenancy.clock.milliseconds) / 1000)
    let shard = tenancy.shard(of: account)
    let subject: [any PostgresEncodable] = [Int32(shard), account, now]
    let (rows, asOf) = try await tenancy.models.answer(
      Query(invitations, subject + Place.parameters(try parameters.place()) + [Int32(limit + 1)]),
      of: "directory", shard: shard)
    var addresses: [UUID: JSONValue] = [:]
    for row in rows.prefix(limit) {
      let id: UUID = try row.decode("invitation_id")
      addresses[id] = try await tenancy.vault.open(row.decode("email_sealed"), of: id).map { .string($0) } ?? .null
    }
    var answer = try Page(limit: limit, rows: rows).members("invitations") { row in
      let id: UUID = try row.decode("invitation_id")
      return [
        "invitation_id": .id(id), "email": addresses[id] ?? .null, "role": .string(try row.decode("role")),
        "invited_by": .id(try row.decode("invited_by")),
        "invited_at": .optional(try row.decode("invited_at", as: Date?.self)),
        "expires_at": .optional(try row.decode("expires_at", as: Date?.self)),
      ]
    } cursor: {
      Place(time: try $0.decode("invited_at"), id: try $0.decode("invitation_id")).cursor
    }
    answer["as_of"] = asOf.json
    return .json(answer)
  }

  /// The mail goes out by the event, not by this request.
  private func invite(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let account = try await tenancy.account(context, of: actor)
    let body = try await JSONBody(request, allowed: ["email", "role"])
    let role: Account.Role = try body.optionalChoice("role") ?? .member
    let email = try body.text("email")
    guard let address = EmailAddress(email) else {
      throw JSONBody.invalid("email", email, allowed: "an address such as me@example.com")
    }
    // Before anything is sealed for somebody; decided once more with the command.
    let action = Permissions.action(toChange: nil, to: role)
    let state = try await tenancy.log.load(
      Account.self, from: .account(account, shard: tenancy.shard(of: account))
    ).state
    try Access.check(action, on: state, account, of: actor.userID)
    let invited = try await invitation(
      to: address, as: role, account, by: actor,
      id: try IdempotencyKey(request)?.id(of: "invitation", in: account, by: actor.userID))
    let invitee = try await owner(of: invited.emailDigest)
    let recorded = try await AccountCommands(log: tenancy.log, changes: tenancy.changes).handle(
      .invite(invited, invitee: invitee, at: tenancy.clock.milliseconds), on: account, by: actor
    ) { _ in action }
    return .created(
      [
        "invitation_id": .id(invited.invitationID), "account_id": .id(account), "email": .string(address.normalized),
        "role": .string(role.rawValue), "invited_by": .id(actor.userID),
        "expires_at": .string(Timestamp.text(milliseconds: invited.expiresAt)),
        "in_effect": await tenancy.settle(recorded),
      ], at: "/api/v1/accounts/\(account.text)/invitations")
  }

  private func invitation(
    to address: EmailAddress, as role: Account.Role, _ account: UUID, by actor: Actor, id: UUID?
  ) async throws -> MemberInvited {
    let now = tenancy.clock.milliseconds
    var random = SystemRandomNumberGenerator()
    let id = id ?? .v7(milliseconds: now, using: &random)
    let token = MailToken(
      id: id, purpose: MailToken.invitation, owner: account, key: try await secrets.key(.mailTokenKey))
    return MemberInvited(
      accountID: account, invitationID: id, emailDigest: try await tenancy.vault.digest(address),
      emailSealed: try await tenancy.vault.seal(address.normalized, for: id), role: role, tokenHash: token.hash,
      expiresAt: now + Self.lifetime, invitedBy: actor.userID)
  }

  /// Whose an address is, if anybody's.
  private func owner(of digest: String) async throws -> UUID? {
    try await tenancy.log.load(EmailClaim.self, from: .email(digest, shards: tenancy.log.shards)).state.owner
  }

  private func revoke(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let (account, invitation) = (try await tenancy.account(context, of: actor), try context.invitationID)
    let recorded = try await AccountCommands(log: tenancy.log, changes: tenancy.changes).handle(
      .revokeInvitation(invitation), on: account, by: actor
    ) { Permissions.action(toChange: nil, to: $0.invitations[invitation]?.role) }
    try await tenancy.vault.erase(invitation)
    return .json([
      "account_id": .id(account), "invitation_id": .id(invitation), "in_effect": await tenancy.settle(recorded),
    ])
  }

  private func accept(_ request: Request, _ context: RecountContext) async throws -> Response {
    let actor = try await tenancy.actor(of: request, context)
    let text = try await JSONBody(request, allowed: ["token"]).text("token")
    let key = try await secrets.key(.mailTokenKey)
    guard let token = MailToken(parsing: text, purpose: MailToken.invitation, key: key) else {
      throw JSONBody.invalid(
        "token", "a text that no invitation holds", allowed: "the token of the link in the mail, whole")
    }
    let shard = tenancy.shard(of: token.owner)
    let invitations = try await tenancy.log.load(Account.self, from: .account(token.owner, shard: shard)).state
      .invitations
    guard let invitation = invitations[token.id] else { throw Account.Failure.noSuchInvitation(token.id) }
    guard try await owner(of: invitation.emailDigest) == actor.userID else {
      throw Problem(
        .invitationForAnother,
        "the invitation was sent to another address than yours: log in as its owner, or ask to be invited under your address"
      )
    }
    let role = try await AccountCommands(log: tenancy.log, changes: tenancy.changes).accept(
      token, by: actor, at: tenancy.clock.milliseconds)
    // The invitation's copy of the address has served; the person's own stays with the person.
    try await tenancy.vault.erase(token.id)
    return .json([
      "account_id": .id(token.owner), "user_id": .id(actor.userID), "role": role.map { .string($0.rawValue) } ?? .null,
      "in_effect": await tenancy.settle(Recorded(shard: shard, position: nil)),
    ])
  }
}
