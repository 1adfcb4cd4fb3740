package import Domain
import EventLog
package import Foundation
import Postgres

/// A month of an account's events of one mode. used = calls + voided - givenBack.
package struct MonthUsage: Sendable, Equatable {
  /// Of the quota.
  package let used: Int64
  /// Shown in numbers: what was voided is not.
  package let calls: Int64
  /// Taken out of the numbers.
  package let voided: Int64
  /// Of the voided, those that the quota got back.
  package let givenBack: Int64
  /// How many the month may have.
  package let quota: Int64
  /// Turned away because the quota was used up.
  package let refused: Int64
  /// When 80 % of the live quota were used.
  package let thresholdReachedAt: Instant?
  /// When all of the live quota was.
  package let exceededAt: Instant?

  /// How many more it may have.
  package var remaining: Int64 { max(0, quota.subtractingSaturating(used)) }

  /// Nothing yet.
  fileprivate init(quota: Int) {
    self.init(
      used: 0, calls: 0, voided: 0, givenBack: 0, quota: Int64(quota), refused: 0, thresholdReachedAt: nil,
      exceededAt: nil)
  }

  init(
    used: Int64, calls: Int64, voided: Int64, givenBack: Int64, quota: Int64, refused: Int64,
    thresholdReachedAt: Instant?, exceededAt: Instant?
  ) {
    self.used = used
    self.calls = calls
    self.voided = voided
    self.givenBack = givenBack
    self.quota = quota
    self.refused = refused
    self.thresholdReachedAt = thresholdReachedAt
    self.exceededAt = exceededAt
  }
}

/// A month of an account.
package struct AccountUsage: Sendable, Equatable {
  /// The account.
  package let accountID: UUID
  /// The month (UTC), by the requests' own timestamps.
  package let month: CalendarMonth
  /// What is business.
  package let live: MonthUsage
  /// What is rehearsal.
  package let test: MonthUsage

  /// By mode.
  package subscript(mode: KeyMode) -> MonthUsage {
    switch mode {
    case .live: live
    case .test: test
    }
  }
}

extension Questions {
  /// A month of an account; nil when there is none. An account that the read model has not come to yet, because it was opened a
  /// moment ago, has used nothing as far as is known, and the quota that its own stream says.
  package func usage(of account: UUID, in month: CalendarMonth) async throws -> Answered<AccountUsage>? {
    let shard = self.shard(of: account)
    let shown = try await answer(UsageMonthsQuestion(shard: shard, account: account, months: [month]), shard: shard)
    let modes = Dictionary(shown.value.map { ($0.mode, $0.usage) }, uniquingKeysWith: { first, _ in first })
    if let live = modes[.live], let test = modes[.test] {
      return Answered(AccountUsage(accountID: account, month: month, live: live, test: test), shown.asOf)
    }
    let state = try await log.load(Account.self, from: .account(account, shard: shard)).state
    guard state.id != nil else { return nil }
    let quota = state.quota.of(month)
    let (live, test) = (MonthUsage(quota: quota.live), MonthUsage(quota: quota.test))
    return Answered(AccountUsage(accountID: account, month: month, live: live, test: test), shown.asOf)
  }
}

extension MonthUsage {
  init(_ row: AnswerRow) throws {
    self.init(
      used: try row.value("used"), calls: try row.value("calls"), voided: try row.value("voided"),
      givenBack: try row.value("given_back"), quota: try row.value("quota"), refused: try row.value("refused"),
      thresholdReachedAt: try row.value("threshold_reached_at"), exceededAt: try row.value("exceeded_at"))
  }
}
