package import Domain
import EventLog
package import Foundation
import Postgres

/// An account that a person may act for.
package struct Membership: Sendable, Equatable {
  /// The account.
  package let account: ListedAccount
  /// What they are in it.
  package let role: Account.Role
}

extension Questions {
  /// A page of the accounts that a person may act for, by id, those left out which they are a member of no more: removed since the
  /// directory came to it.
  package func accounts(of user: UUID, after last: UUID? = nil, limit: Int) async throws -> Page<Membership, UUID> {
    let found = try await ask(AccountsOfUserQuestion(user: user, last: last, rows: limit + 1))
    return try await Page(found, limit: limit) { $0.membership.account.id }.replacing { page in
      var memberships: [Membership] = []
      for listed in page {
        if let membership = try await current(listed, user) { memberships.append(membership) }
      }
      return memberships
    }
  }

  /// The ids of the accounts that a person may act for, as far as the directory has come. Throws where nobody has built it.
  func memberships(of user: UUID) async throws -> Set<UUID> {
    Set(try await ask(MembershipsQuestion(user: user)))
  }

  /// Where the directory has not come to what happened to the account last, the account decides.
  private func current(_ listed: AccountsOfUserQuestion.Listed, _ user: UUID) async throws -> Membership? {
    guard !listed.isCurrent else { return listed.membership }
    let account = listed.membership.account
    let state = try await log.load(Account.self, from: .account(account.id, shard: shard(of: account.id))).state
    return state.members[user].map { Membership(account: account, role: $0) }
  }
}

struct AccountsOfUserQuestion: Question {
  let user: UUID
  let last: UUID?
  let rows: Int

  struct Listed: Sendable {
    let membership: Membership
    let isCurrent: Bool
  }

  static let file = QueryFile("directory", "accounts_of_user")
  static let sample = AccountsOfUserQuestion(user: .sample, last: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [user, last, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> Listed {
    Listed(
      membership: Membership(account: try ListedAccount(row), role: try row.word("role")),
      isCurrent: try row.value("is_current"))
  }
}

struct MembershipsQuestion: Question {
  let user: UUID

  static let file = QueryFile("directory", "memberships")
  static let sample = MembershipsQuestion(user: .sample)
  var parameters: [any PostgresEncodable] { [user] }

  static func answer(_ row: AnswerRow) throws -> UUID { try row.value("account_id") }
}
