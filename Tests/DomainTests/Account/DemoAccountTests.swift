import Foundation
import TestDatabase
import Testing

@testable import Domain

/// An account is a demo from its first moment, or never.
@Suite struct DemoAccountTests {
  private let recipe = DemoRecipe(seed: 7, monthlyRequests: 2_000, from: 1_762_128_000_000)

  @Test func aDemoHasAQuotaAndNoMembersAndSaysHowItIsMade() throws {
    let id = UUID()
    let account = Account(try Account().decide(.openDemo(id: id, tier: .business, recipe)))
    #expect(account.id == id && account.demo == recipe && account.members.isEmpty)
    #expect(account.quota.of(CalendarMonth(of: recipe.from)).live == Tier.business.monthlyQuota)
    #expect(throws: Account.Failure.alreadyOpen) { try account.decide(.openDemo(id: id, tier: .free, recipe)) }
    let other = Account(try Account().decide(.open(id: id, tier: .free, owner: UUID())))
    #expect(other.demo == nil)
    #expect(throws: Account.Failure.alreadyOpen) { try other.decide(.openDemo(id: id, tier: .free, recipe)) }
  }

  /// The most that is allowed leaves room in a month of 31 days, all of it of a busy week's days.
  @Test func whatADemoMayHaveFitsItsQuota() {
    let most = DemoRecipe.monthlyRequestsAllowed.upperBound
    #expect(most * 31 / 30 * 108 / 100 + most / 50 < Tier.business.monthlyQuota)
  }

  @Test func hoursThatWereMadeAreNotMadeAgain() {
    let demo = Demo([.generated(DemoGenerated(accountID: UUID(), upto: recipe.from + .hours(6), requests: 5))])
    func events(upto hours: Int64) -> Int {
      demo.decide(.generate(DemoGenerated(accountID: UUID(), upto: recipe.from + .hours(hours), requests: 5))).count
    }
    #expect(demo.requests == 5 && events(upto: 6) == 0 && events(upto: 5) == 0 && events(upto: 7) == 1)
  }
}
