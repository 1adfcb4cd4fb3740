import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What becomes of an upgrade that waits for its payment.
@Suite struct BillingUpgradeTests {
  private static let pro = SubscriptionFacts.of()
  /// With the upgrade's invoice, that is open.
  private static let waiting = pro.with(invoice: "in_9")
  private static let business = SubscriptionFacts.of(price: "price_business").with(invoice: "in_9")
  private static let lapse = 82_810
  private static let expired = StripeEventReceived.witness("c", "pending_update_expired", at: lapse, waiting)
  private static let begun: [StripeEventReceived] = [.created("a", at: 1, pro), .updated("b", at: 10, pro, waiting)]

  /// One whose owner asked for Business at a second.
  private func asked(at second: Int? = 5) -> BillingScene {
    var scene = BillingScene()
    if let second {
      scene.now = .second(second)
      scene.billing.evolve(.tierChangeRequested(scene.change(from: .pro, to: .business)))
    }
    scene.now = .second(Self.lapse + 600)
    return scene
  }

  private func expiries(_ events: [Billing.Event]) -> [UpgradeExpired] {
    events.compactMap { if case .upgradeExpired(let expired) = $0 { expired } else { nil } }
  }

  @Test func sequence22AnUpgradeThatIsNotPaidIsToldOnceWhateverCameFirstAndHoweverOften() throws {
    for order in (Self.begun + [Self.expired, Self.expired.twin("d")]).orders {
      var (scene, said) = (asked(), [Billing.Event]())
      for event in order + order {
        scene.customer.evolve(.received(event))
        said += try scene.follow()
      }
      let expected = UpgradeExpired(
        accountID: scene.id, subscription: "sub_1", tier: .pro, toTier: .business, at: .second(Self.lapse))
      #expect(expiries(said) == [expected], "\(order.map(\.eventID))")
      #expect(said.notices.isEmpty && scene.account.tier == .pro)
      #expect(scene.billing.wishes.isEmpty && scene.billing.nextLook(at: scene.facts) == nil)
    }
  }

  @Test func anUpgradeThatCameToBeAfterAllIsNotToldToHaveLapsed() throws {
    let paid = StripeEventReceived.updated("e", at: Self.lapse + 90, Self.waiting, Self.business)
    for order in (Self.begun + [Self.expired, paid]).orders {
      var scene = asked()
      scene.customer = StripeCustomer(received: order)
      #expect(expiries(try scene.follow()).isEmpty)
      #expect(scene.account.tier == .business, "\(order.map(\.eventID))")
    }
    let applied = StripeEventReceived.witness("f", "pending_update_applied", at: Self.lapse + 90, Self.waiting)
    var scene = asked()
    scene.customer = StripeCustomer(received: Self.begun + [applied, Self.expired])
    #expect(expiries(try scene.follow()).isEmpty)
  }

  @Test func whereOnlyAnAnswerSaysThatItCameToBeItIsNotToldEither() throws {
    var scene = asked()
    let answer = StripeObjectFetched.answer(Self.business, knowing: ["evt_a", "evt_b"], at: Self.lapse + 90)
    scene.customer = StripeCustomer(Self.begun.map { .received($0) } + [.fetched(answer), .received(Self.expired)])
    #expect(scene.customer.one?.needsFetch == false && scene.customer.one?.updateExpiredAt == .second(Self.lapse))
    #expect(expiries(try scene.follow()).isEmpty && scene.account.tier == .business)
  }

  @Test func whoHasAskedAgainIsNotToldOfTheAttemptBefore() throws {
    var scene = asked(at: Self.lapse + 300)
    scene.customer = StripeCustomer(received: Self.begun + [Self.expired])
    #expect(expiries(try scene.follow()).isEmpty)
  }

  /// A second call takes the place of the first, which Stripe says has expired at that moment: the page of the second is open.
  @Test func oneThatAnotherTookThePlaceOfIsNotToldToHaveLapsedAndTheOtherIs() throws {
    var scene = asked()
    scene.now = .second(10_000)
    scene.billing.evolve(.tierChangeRequested(scene.change(from: .pro, to: .business)))
    let replaced = StripeEventReceived.witness("c", "pending_update_expired", at: 10_001, Self.waiting)
    scene.customer = StripeCustomer(received: Self.begun + [replaced])
    scene.now = .second(10_100)
    #expect(expiries(try scene.follow()).isEmpty)
    let lapsed = StripeEventReceived.witness("d", "pending_update_expired", at: 10_000 + 82_800, Self.waiting)
    scene.customer.evolve(.received(lapsed))
    scene.now = .second(10_000 + 82_900)
    #expect(expiries(try scene.follow()).map(\.at) == [.second(10_000 + 82_800)])
  }

  @Test func eachThatLapsesIsToldAndOneThatWasNotAskedForHereWithoutItsTier() throws {
    var scene = asked(at: nil)
    scene.customer = StripeCustomer(received: Self.begun + [Self.expired])
    #expect(expiries(try scene.follow()).map(\.toTier) == [nil])
    scene.now = .second(200_000)
    scene.billing.evolve(.tierChangeRequested(scene.change(from: .pro, to: .business)))
    let again = StripeEventReceived.witness("g", "pending_update_expired", at: 282_800, Self.waiting)
    scene.customer.evolve(.received(again))
    scene.now = .second(282_801)
    #expect(expiries(try scene.follow()).map(\.toTier) == [.business])
    #expect(try scene.follow().isEmpty)
  }

  /// Logs have those of years before it was told.
  @Test func whatLapsedMoreThanAWeekAgoIsNoNews() throws {
    for (days, count) in [(6, 1), (8, 0)] {
      var scene = asked()
      scene.now = .second(Self.lapse) + .days(Int64(days))
      scene.customer = StripeCustomer(received: Self.begun + [Self.expired])
      #expect(expiries(try scene.follow()).count == count)
    }
  }
}

extension SubscriptionFacts {
  fileprivate func with(invoice: String) -> SubscriptionFacts {
    var facts = self
    facts.latestInvoice = invoice
    return facts
  }
}
