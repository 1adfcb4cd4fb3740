import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about accounts.
extension Operation {
  static let accounts = Operation(
    .get, "/api/v1/accounts", id: "accounts", .accounts, "The accounts that you may act for", note: "By id.",
    right: .person, query: QueryParameters(AccountRoutes.limit, AccountRoutes.place),
    answer: OperationAnswer(AccountRoutes.page, "A page of accounts, each with your role in it."))

  static let account = Operation(
    .get, "/api/v1/accounts/{account_id}", id: "account", .accounts, "An account",
    note: "What it pays for, and how many members and projects in use it has.", right: .member(.readAccount),
    answer: OperationAnswer(AccountRoutes.one, "The account."))

  static let nameAccount = Operation(
    .patch, "/api/v1/accounts/{account_id}", id: "nameAccount", .accounts, "Name an account",
    note: "Its members see the name in lists and invitations. Where it has one already, this is another.",
    right: .member(.nameAccount), body: .object(Body(AccountRoutes.name)),
    answer: OperationAnswer(.ok, AccountRoutes.named, "Its name now."), problems: [.tooManyAttempts])
}

extension AccountRoutes {
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let place = Parameter<UUID?>.cursor {
    try $0.cursor(UUID.self)
  }

  static let name = Member<String>.text(
    "name", "Not all of it spaces, without control characters and characters that turn the direction of text.",
    .text(1...Account.maximumNameLength))

  static let shape = Shape<ListedAccount>(
    "Account",
    [
      .id("account_id") { $0.id },
      .optionalText("name", "What its members call it; null where nobody has named it.") { $0.name },
      .word("tier") { $0.tier },
      .integer(
        "monthly_quota",
        "Live events a calendar month (UTC), by that tier; `/usage` has a month's quota, grants included."
      ) {
        $0.monthlyQuota
      },
      .integer(
        "project_limit", "Projects at a time, archived ones not counted; by what was granted, where that is more."
      ) {
        $0.tier(at: SystemClock().now).projectLimit
      },
      .time("opened_at") { $0.openedAt }, .optionalTime("closed_at") { $0.closedAt },
      .boolean("is_demo", "Whether nobody sends what it tracks: it is made up, to show what Recount shows.") {
        $0.isDemo
      },
    ])

  static let page = Shape<Page<Membership, UUID>>([
    .list("accounts", of: shape.extended(from: { $0.account }, [.word("role") { $0.role }])) { $0.entries },
    .nextCursor { $0.next.map { Cursor($0) } },
  ])

  static let named = Shape<NamedAccount>([.id("account_id") { $0.id }, .text("name") { $0.name }]).changed()

  static let one = shape.extended(
    from: { (answer: Answered<AccountDetail>) in answer.value.account },
    [
      .integer("members") { $0.value.members }, .integer("projects") { $0.value.projects }, .asOf { $0.asOf },
    ])
}

/// An account, as it is called now.
struct NamedAccount: Sendable {
  let id: UUID
  let name: String
}
