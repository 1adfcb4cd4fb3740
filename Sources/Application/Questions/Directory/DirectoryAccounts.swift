package import Domain
import EventLog
package import Foundation
import Postgres

/// An account, as lists have it.
package struct ListedAccount: Sendable, Equatable {
  /// The tenant.
  package let id: UUID
  /// What its members call it; nil where nobody has named it.
  package let name: String?
  /// What it pays for.
  package let tier: Tier
  /// Live requests a month by that tier, as last set.
  package let monthlyQuota: Int64
  /// What it was granted beside that, last, but for rates.
  package let granted: AccountGrant
  /// Since when it is there.
  package let openedAt: Instant
  /// Since when nobody uses it; nil while somebody does.
  package let closedAt: Instant?
  /// Whether nobody sends what it tracks: it is made by a recipe.
  package let isDemo: Bool

  /// The tier that it has at a time: the higher of both.
  package func tier(at now: Instant) -> Tier { granted.tier(over: tier, at: now) }
}

/// An account, with what belongs to it.
package struct AccountDetail: Sendable, Equatable {
  /// The account itself.
  package let account: ListedAccount
  /// How many people may act for it.
  package let members: Int64
  /// How many of its projects count against the tier's limit.
  package let projects: Int64
}

extension Questions {
  /// An account; nil when there is none. Where the directory has not come to it yet, as its own stream has it.
  package func account(_ id: UUID) async throws -> Answered<AccountDetail>? {
    let shard = self.shard(of: id)
    let listed = try await answer(AccountQuestion(shard: shard, account: id), shard: shard)
    if let account = listed.value.first { return Answered(account, listed.asOf) }
    return try AccountDetail(await log.stream(.account(id, shard: shard))).map { Answered($0, listed.asOf) }
  }
}

extension AccountDetail {
  /// Of an account's events; nil before the first.
  fileprivate init?(_ events: [StoredEvent]) throws {
    var account = Account()
    var closedAt: Instant?
    for stored in events {
      account.evolve(try stored.event(Account.Event.self))
      if account.isClosed, closedAt == nil { closedAt = stored.recordedAt }
    }
    guard let id = account.id, let opened = events.first else { return nil }
    self.account = ListedAccount(
      id: id, name: account.name, tier: account.tier, monthlyQuota: Int64(account.quota.paid.live),
      granted: AccountGrant(
        tier: account.grant.tier, monthlyQuota: account.grant.monthlyQuota, until: account.grant.until),
      openedAt: opened.recordedAt, closedAt: closedAt, isDemo: account.demo != nil)
    members = Int64(account.members.count)
    projects = Int64(account.projects.count)
  }
}

struct AccountQuestion: Question {
  let shard: Int
  let account: UUID

  static let file = QueryFile("directory", "account")
  static let sample = AccountQuestion(shard: 0, account: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), account] }

  static func answer(_ row: AnswerRow) throws -> AccountDetail {
    AccountDetail(
      account: try ListedAccount(row), members: try row.value("members"), projects: try row.value("projects"))
  }
}

extension ListedAccount {
  init(_ row: AnswerRow) throws {
    id = try row.value("account_id")
    name = try row.value("name")
    tier = try row.word("tier")
    monthlyQuota = try row.value("monthly_quota")
    granted = AccountGrant(
      tier: try row.value("granted_tier", as: String?.self).flatMap(Tier.init(rawValue:)),
      monthlyQuota: try row.value("granted_quota", as: Int64?.self).map(Int.init),
      until: try row.value("granted_until", as: Instant?.self))
    openedAt = try row.value("opened_at")
    closedAt = try row.value("closed_at")
    isDemo = try row.value("is_demo")
  }
}
