import Foundation
import Testing

@testable import Domain

@Suite struct TierChangeTests {
  private let id = UUID()
  private let projects = (0..<6).map { _ in UUID() }

  private func given(_ tier: Tier, projects count: Int = 1) -> Account {
    let opened = AccountOpened(accountID: id, tier: tier, monthlyQuota: tier.monthlyQuota)
    return Account(
      [.opened(opened)] + projects.prefix(count).map { .projectAdded(ProjectAdded(accountID: id, projectID: $0)) })
  }

  @Test(arguments: [(Tier.free, Tier.pro), (.pro, .business), (.business, .free)])
  func anotherTierSetsItsQuota(from: Tier, to: Tier) throws {
    let events = try given(from).decide(.changeTier(to))
    #expect(events == [.tierChanged(TierChanged(accountID: id, tier: to, monthlyQuota: to.monthlyQuota))])
    var account = given(from)
    events.forEach { account.evolve($0) }
    #expect(account.tier == to)
    #expect(account.monthlyQuota == to.monthlyQuota)
  }

  @Test func theSameTierAgainChangesNothing() throws {
    #expect(try given(.pro).decide(.changeTier(.pro)).isEmpty)
  }

  @Test func theSameTierWithAnotherQuotaThanItHadThenSetsIt() throws {
    let then = Account([.opened(AccountOpened(accountID: id, tier: .pro, monthlyQuota: 50_000))])
    #expect(
      try then.decide(.changeTier(.pro))
        == [.tierChanged(TierChanged(accountID: id, tier: .pro, monthlyQuota: Tier.pro.monthlyQuota))])
  }

  @Test func aTierThatAllowsFewerProjectsIsRefusedAndNamesThem() throws {
    #expect(throws: Account.Failure.tooManyProjects(Set(projects.prefix(2)), for: .free)) {
      try given(.pro, projects: 2).decide(.changeTier(.free))
    }
    #expect(throws: Account.Failure.tooManyProjects(Set(projects), for: .pro)) {
      try given(.business, projects: 6).decide(.changeTier(.pro))
    }
    #expect(try given(.business, projects: 5).decide(.changeTier(.pro)).count == 1)
  }

  @Test func anAccountThatIsNotOpenHasNoTierToChange() {
    #expect(throws: Account.Failure.notOpen) { try Account().decide(.changeTier(.pro)) }
  }
}
