import Foundation
import TestDatabase
import Testing

@testable import Domain

@Suite struct AccountGrantTests {
  private let id = UUID()
  private let now: Instant = 1_764_000_000_000

  private func given(_ grants: AccountGrant...) throws -> Account {
    var account = Account([.opened(AccountOpened(accountID: id, tier: .free, monthlyQuota: 1_000))])
    for grant in grants {
      try account.decide(.grant(grant, because: "a trial", at: now)).forEach { account.evolve($0) }
    }
    return account
  }

  @Test func theHigherOfGrantAndTierCounts() {
    let grant = AccountGrant(requestsPerSecond: 100)
    #expect(grant.callRate(of: .free, at: now) == CallRate(requestsPerSecond: 100, bytesPerSecond: 64 << 10))
    #expect(grant.callRate(of: .business, at: now) == Tier.business.callRate)
  }

  @Test func aGrantEndsToTheMillisecond() {
    let grant = AccountGrant(bytesPerSecond: 1 << 30, until: now)
    #expect(grant.callRate(of: .free, at: now - .milliseconds(1)).bytesPerSecond == 1 << 30)
    #expect(grant.callRate(of: .free, at: now) == Tier.free.callRate)
  }

  @Test func aGrantTakesThePlaceOfTheOneBefore() throws {
    let account = try given(
      AccountGrant(requestsPerSecond: 9), AccountGrant(bytesPerSecond: 7, until: now + .milliseconds(1)))
    #expect(account.grant == AccountGrant(bytesPerSecond: 7, until: now + .milliseconds(1)))
  }

  @Test func whatWasGrantedCanBeTakenBackOnce() throws {
    let account = try given(AccountGrant(requestsPerSecond: 9))
    let events = try account.decide(.grant(AccountGrant(), because: "the trial is over", at: now))
    #expect(events.count == 1)
    var after = account
    events.forEach { after.evolve($0) }
    #expect(after.grant == AccountGrant())
    #expect(try given().decide(.grant(AccountGrant(), because: "nothing", at: now)).isEmpty)
  }

  /// In November 2025, and the months after it.
  private var months: [CalendarMonth] {
    let first = CalendarMonth(of: now)
    return [first, first.next, first.next.next]
  }

  @Test func aGrantOfATierGivesAllThatTheTierGives() throws {
    let account = try given(AccountGrant(tier: .business, until: now + .milliseconds(10)))
    #expect(account.quota.of(months[0]) == Tier.business.quota)
    #expect(account.grant.callRate(of: account.tier, at: now) == Tier.business.callRate)
    #expect(account.tier(at: now) == .business && account.tier(at: now + .milliseconds(10)) == .free)
    #expect(try account.decide(.addProject(UUID(), at: now)).count == 1)
  }

  @Test func aGrantCountsForEachMonthThatBeginsBeforeItEnds() throws {
    let ends = months[1].start
    let account = try given(AccountGrant(monthlyQuota: 7_000, until: ends))
    #expect(months.map { account.quota.of($0).live } == [7_000, 1_000, 1_000])
    let longer = try given(AccountGrant(monthlyQuota: 7_000, until: ends + .milliseconds(1)))
    #expect(months.map { longer.quota.of($0).live } == [7_000, 7_000, 1_000])
    let endless = try given(AccountGrant(monthlyQuota: 7_000))
    #expect(months.map { endless.quota.of($0).live } == [7_000, 7_000, 7_000])
    #expect(months.map { endless.quota.of($0).test } == [1_000, 1_000, 1_000])
  }

  @Test func whatIsTakenBackOfAQuotaCountsFromTheNextMonthOn() throws {
    let account = try given(
      AccountGrant(tier: .pro, monthlyQuota: 70_000), AccountGrant(monthlyQuota: 5_000), AccountGrant())
    #expect(months.map { account.quota.of($0).live } == [70_000, 1_000, 1_000])
  }

  @Test func theHigherOfGrantAndSubscriptionCounts() throws {
    var account = try given(AccountGrant(tier: .pro))
    for (tier, quota) in [(Tier.business, 500_000), (.free, 50_000)] {
      try account.decide(.changeTier(tier, because: .unpaid, at: now)).forEach { account.evolve($0) }
      #expect(account.quota.of(months[0]).live == quota)
    }
  }

  @Test(arguments: [Int.min, 0, AccountGrant.highestQuota + 1, Int.max]) func aQuotaOutOfBoundsIsRefused(quota: Int)
    throws
  {
    let account = try given()
    #expect(throws: Account.Failure.badGrantedQuota(highest: AccountGrant.highestQuota)) {
      try account.decide(.grant(AccountGrant(monthlyQuota: quota), because: "a trial", at: now))
    }
  }

  @Test(arguments: ["", "  \n", "a\u{0}b", "a\u{202E}b", "a\u{2028}b", String(repeating: "x", count: 501)])
  func aReasonMustSaySomething(reason: String) throws {
    let account = try given()
    #expect(throws: Account.Failure.badReason(maximumCharacters: 500)) {
      try account.decide(.grant(AccountGrant(requestsPerSecond: 9), because: reason, at: now))
    }
  }

  @Test(arguments: [Int.min, -1, 0, CallRate.highest + 1, Int.max]) func aRateOutOfBoundsIsRefused(rate: Int) throws {
    let account = try given()
    for grant in [AccountGrant(requestsPerSecond: rate), AccountGrant(bytesPerSecond: rate)] {
      #expect(throws: Account.Failure.badGrantedRate(highest: CallRate.highest)) {
        try account.decide(.grant(grant, because: "a trial", at: now))
      }
    }
  }

  @Test(arguments: [.distantPast, -1, 0, 1_764_000_000_000] as [Instant]) func aGrantMustEndAfterItBegins(
    until: Instant
  ) throws {
    let account = try given()
    #expect(throws: Account.Failure.badGrantEnd) {
      try account.decide(.grant(AccountGrant(requestsPerSecond: 9, until: until), because: "a trial", at: now))
    }
  }
}
