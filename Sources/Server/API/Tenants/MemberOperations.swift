import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about an account's members, and of them.
extension Operation {
  static let members = Operation(
    .get, "/api/v1/accounts/{account_id}/members", id: "members", .accounts, "Who may act for an account",
    note: "The longest there first.", right: .member(.readAccount),
    query: QueryParameters(MemberRoutes.limit, .place), answer: OperationAnswer(MemberRoutes.page, "A page of members.")
  )

  static let changeMember = Operation(
    .patch, "/api/v1/accounts/{account_id}/members/{user_id}", id: "changeMember", .accounts,
    "Give a member another role", note: "An owner is made, and changed, by owners alone.",
    right: .member(.manageMembers), body: .object(Body(MemberRoutes.role)),
    answer: OperationAnswer(MemberRoutes.changed, "What they are now."),
    problems: [.memberNotFound, .lastOwner, .tooManyAttempts])

  static let removeMember = Operation(
    .delete, "/api/v1/accounts/{account_id}/members/{user_id}", id: "removeMember", .accounts,
    "Remove a member, or leave: remove yourself", note: "The last owner can't leave: make somebody else one first.",
    right: .member(.manageMembers), answer: OperationAnswer(MemberRoutes.changed, "They are no member any more."),
    problems: [.memberNotFound, .lastOwner, .tooManyAttempts])
}

extension MemberRoutes {
  static let limit = Parameter<Int>.limit(upTo: 100)
  static let role = Member<Account.Role>.word("role", "What they are to be.")

  static let page = Shape<Answered<Page<ListedMember, TimePlace>>>.page(
    "members",
    of: Shape(
      "Member",
      [
        .id("user_id") { $0.userID }, .word("role") { $0.role }, .time("added_at") { $0.addedAt },
        .optionalText("email", "Null for a person who has been erased, or was added a moment ago.") { $0.email },
        .optionalText("name") { $0.name },
      ]))

  static let changed = Shape<ChangedMember>([
    .id("account_id") { $0.account }, .id("user_id") { $0.member },
    Field("role", Schema.words(of: Account.Role.self).orNull, note: "Null once they are no member any more.") {
      $0.role.map { .string($0.rawValue) } ?? .null
    },
  ]).changed("Membership")
}

/// What a member became.
struct ChangedMember: Sendable {
  let account, member: UUID
  /// Nil for one who is none any more.
  let role: Account.Role?
}
