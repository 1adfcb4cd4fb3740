import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about invitations, and of them.
extension Operation {
  static let invitations = Operation(
    .get, "/api/v1/accounts/{account_id}/invitations", id: "invitations", .accounts,
    "The invitations that can still be accepted", note: "The latest first.", right: .member(.manageMembers),
    query: QueryParameters(InvitationRoutes.limit, .place),
    answer: OperationAnswer(InvitationRoutes.page, "A page of invitations."))

  static let invite = Operation(
    .post, "/api/v1/accounts/{account_id}/invitations", id: "invite", .accounts, "Invite someone by mail",
    note: "It can be accepted for 14 days. One that is open to the same address is withdrawn.",
    right: .member(.manageMembers), isIdempotent: true,
    body: .object(Body(InvitationRoutes.email, InvitationRoutes.role)),
    answer: OperationAnswer(.created, InvitationRoutes.invited, "The mail is on its way."),
    problems: [.limitReached, .alreadyMember, .idempotencyConflict, .tooManyAttempts])

  static let withdrawInvitation = Operation(
    .delete, "/api/v1/accounts/{account_id}/invitations/{invitation_id}", id: "withdrawInvitation", .accounts,
    "Withdraw an invitation", note: "The address that it was sent to is forgotten with it.",
    right: .member(.manageMembers),
    answer: OperationAnswer(InvitationRoutes.withdrawn, "It can't be accepted any more."),
    problems: [.invitationNotFound, .invitationEnded, .tooManyAttempts])

  static let acceptInvitation = Operation(
    .post, "/api/v1/invitations/accept", id: "acceptInvitation", .accounts,
    "Join the account that you were invited to", note: "Accepting once more changes nothing.", right: .person,
    body: .object(Body(InvitationRoutes.token)),
    answer: OperationAnswer(InvitationRoutes.accepted, "You are a member."),
    problems: [
      .invitationForAnother, .invitationNotFound, .invitationEnded, .alreadyMember, .accountNotFound, .accountClosed,
      .tooManyAttempts,
    ])
}

extension InvitationRoutes {
  static let limit = Parameter<Int>.limit(upTo: 100)
  static let email = Member<EmailAddress>.email("email")
  static let role = Member<Account.Role?>.optionalWord("role", "member by default.")
  static let token = Member<String>.text("token", "From the link in the mail.")

  static let page = Shape<Answered<Page<ListedInvitation, TimePlace>>>.page(
    "invitations",
    of: Shape(
      "Invitation",
      [
        .id("invitation_id") { $0.id }, .optionalText("email") { $0.email }, .word("role") { $0.role },
        .id("invited_by") { $0.invitedBy }, .time("invited_at") { $0.invitedAt }, .time("expires_at") { $0.expiresAt },
      ]))

  static let invited = Shape<Invited>([
    .id("invitation_id") { $0.event.invitationID }, .id("account_id") { $0.event.accountID },
    .text("email") { $0.address.normalized }, .word("role") { $0.event.role }, .id("invited_by") { $0.event.invitedBy },
    .time("expires_at") { $0.event.expiresAt },
  ]).changed()

  static let withdrawn = Shape<Withdrawn>([
    .id("account_id") { $0.account }, .id("invitation_id") { $0.invitation },
  ]).changed()

  static let accepted = Shape<ChangedMember>([
    .id("account_id") { $0.account }, .id("user_id") { $0.member },
    Field("role", Schema.words(of: Account.Role.self).orNull) { $0.role.map { .string($0.rawValue) } ?? .null },
  ]).changed()
}

/// An invitation, and the address that it goes to.
struct Invited: Sendable {
  let event: MemberInvited
  let address: EmailAddress
}

/// An invitation that is none any more.
struct Withdrawn: Sendable {
  let account, invitation: UUID
}
