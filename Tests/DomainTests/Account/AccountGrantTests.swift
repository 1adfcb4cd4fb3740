import Foundation
import Testing

@testable import Domain

@Suite struct AccountGrantTests {
  private let id = UUID()
  private let now: Int64 = 1_764_000_000_000

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
    #expect(grant.callRate(of: .free, at: now - 1).bytesPerSecond == 1 << 30)
    #expect(grant.callRate(of: .free, at: now) == Tier.free.callRate)
  }

  @Test func aGrantTakesThePlaceOfTheOneBefore() throws {
    let account = try given(AccountGrant(requestsPerSecond: 9), AccountGrant(bytesPerSecond: 7, until: now + 1))
    #expect(account.grant == AccountGrant(bytesPerSecond: 7, until: now + 1))
  }

  @Test func whatWasGrantedCanBeTakenBackOnce() throws {
    let account = try given(AccountGrant(requestsPerSecond: 9))
    let events = try account.decide(.grant(AccountGrant(), because: "the trial is over", at: now))
    #expect(events == [.granted(AccountGranted(accountID: id, reason: "the trial is over"))])
    #expect(try given().decide(.grant(AccountGrant(), because: "nothing", at: now)).isEmpty)
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

  @Test(arguments: [Int64.min, -1, 0, 1_764_000_000_000]) func aGrantMustEndAfterItBegins(until: Int64) throws {
    let account = try given()
    #expect(throws: Account.Failure.badGrantEnd) {
      try account.decide(.grant(AccountGrant(requestsPerSecond: 9, until: until), because: "a trial", at: now))
    }
  }
}
