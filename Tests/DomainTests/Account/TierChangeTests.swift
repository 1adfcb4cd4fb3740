import Foundation
import TestDatabase
import Testing

@testable import Domain

@Suite struct TierChangeTests {
  private let id = UUID()
  private let projects = (0..<6).map { _ in UUID() }
  /// In November 2025.
  private let now: Instant = 1_764_000_000_000
  private let month = CalendarMonth(of: 1_764_000_000_000)

  private func given(_ tier: Tier, projects count: Int = 1) -> Account {
    let opened = AccountOpened(accountID: id, tier: tier, monthlyQuota: tier.monthlyQuota)
    return Account(
      [.opened(opened)] + projects.prefix(count).map { .projectAdded(ProjectAdded(accountID: id, projectID: $0)) })
  }

  private func change(_ account: inout Account, to tier: Tier, _ cause: TierChanged.Cause = .operator, days: Int64 = 0)
    throws
  {
    let command = Account.Command.changeTier(tier, because: cause, at: now + .days(days))
    try account.decide(command).forEach { account.evolve($0) }
  }

  @Test func moreCountsAtOnce() throws {
    var account = given(.free)
    try change(&account, to: .pro)
    #expect(account.tier == .pro)
    #expect(account.quota.of(month) == Tier.pro.quota)
    #expect(account.quota.of(month.next) == Tier.pro.quota)
  }

  @Test(arguments: [TierChanged.Cause.operator, .subscription])
  func lessCountsFromTheNextMonthOn(cause: TierChanged.Cause) throws {
    var account = given(.business)
    try change(&account, to: .free, cause)
    #expect(account.tier == .free)
    #expect(account.quota.of(month) == Tier.business.quota)
    #expect(account.quota.of(month.next) == Tier.free.quota)
  }

  @Test(arguments: TierChanged.Cause.allCases.filter(\.countsAtOnce))
  func lessForWantOfPaymentCountsAtOnceEvenAfterALoweringThatDidNot(cause: TierChanged.Cause) throws {
    var account = given(.business)
    try change(&account, to: .free, .subscription)
    try change(&account, to: .free, cause)
    #expect(account.quota.of(month) == Tier.free.quota)
  }

  @Test func aMonthHasTheHighestTierHeldInIt() throws {
    var account = given(.business)
    try change(&account, to: .free)
    try change(&account, to: .pro)
    #expect(account.quota.of(month) == Tier.business.quota)
    #expect(account.quota.of(month.next) == Tier.pro.quota)
    try change(&account, to: .free, days: 31)
    #expect(account.quota.of(month.next) == Tier.pro.quota)
    #expect(account.quota.of(month.next.next) == Tier.free.quota)
  }

  @Test func aClockThatIsBehindTakesNothingFromTheMonthThatHasBegun() throws {
    var account = given(.business)
    try change(&account, to: .pro, days: 31)
    try change(&account, to: .free)
    #expect(account.quota.of(month.next) == Tier.business.quota)
    #expect(account.quota.of(month.next.next) == Tier.free.quota)
  }

  @Test func theSameTierAgainChangesNothing() throws {
    #expect(try given(.pro).decide(.changeTier(.pro, because: .operator, at: now)).isEmpty)
    var account = given(.business)
    try change(&account, to: .free)
    #expect(try account.decide(.changeTier(.free, because: .operator, at: now)).isEmpty)
  }

  @Test func theSameTierWithAnotherQuotaThanItHadThenSetsIt() throws {
    var account = Account([.opened(AccountOpened(accountID: id, tier: .pro, monthlyQuota: 100_000))])
    try change(&account, to: .pro)
    #expect(account.quota.of(month).live == 100_000)
    #expect(account.quota.of(month.next) == Tier.pro.quota)
  }

  /// Version 1 knew of one quota, which counted up and down at once.
  @Test func aChangeOfTheFirstVersionStillCountsAtOnce() throws {
    let json =
      #"{"account_id":"\#(id)","tier":"free","monthly_quota":1000,"test_quota":1000,"cause":"operator","month":null,"#
      + #""month_quota":null,"month_test_quota":null}"#
    var account = given(.business)
    account.evolve(try #require(try Account.Event.decode("tier_changed", from: Array(json.utf8))))
    #expect(account.quota.of(month) == Tier.free.quota)
  }

  @Test func fewerProjectsThanItHasAreNoReasonToRefuseButLeaveNoRoomForAnother() throws {
    var account = given(.pro, projects: 2)
    try change(&account, to: .free)
    #expect(account.projects.count == 2)
    #expect(throws: Account.Failure.projectLimitReached(.free)) {
      try account.decide(.addProject(projects[2], at: now))
    }
    try account.decide(.removeProject(projects[0])).forEach { account.evolve($0) }
    #expect(throws: Account.Failure.projectLimitReached(.free)) {
      try account.decide(.addProject(projects[2], at: now))
    }
    try account.decide(.removeProject(projects[1])).forEach { account.evolve($0) }
    #expect(try account.decide(.addProject(projects[2], at: now)).count == 1)
  }

  @Test func anAccountThatIsNotOpenHasNoTierToChange() {
    #expect(throws: Account.Failure.notOpen) {
      try Account().decide(.changeTier(.pro, because: .operator, at: now))
    }
  }
}
