import Foundation
import Testing

@testable import Domain

/// R1 to R4: what a subscription has come to follows from the set of what was said of it.
@Suite struct SubscriptionFoldTests {
  private let incomplete = SubscriptionFacts.of("incomplete")
  private let active = SubscriptionFacts.of()
  private let ending = SubscriptionFacts.of(cancelAt: .second(1_000), endsWithPeriod: true)
  private let renewed = SubscriptionFacts.of(period: 1)
  private let pastDue = SubscriptionFacts.of("past_due", period: 1)

  private func expect(
    _ events: [StripeEventReceived], comeTo state: SubscriptionFacts, needsFetch: Bool = false,
    at place: SourceLocation = #_sourceLocation
  ) {
    for order in events.orders {
      let one = StripeCustomer(received: order).one
      #expect(one?.state == state, "\(order.map(\.eventID))", sourceLocation: place)
      #expect(one?.needsFetch == needsFetch, "\(order.map(\.eventID))", sourceLocation: place)
    }
  }

  @Test func anEventThatComesTwiceCountsOnce() {
    let created = StripeEventReceived.created("a", incomplete)
    let paid = StripeEventReceived.updated("b", incomplete, active)
    expect([created, paid, created, paid, paid], comeTo: active)
    let customer = StripeCustomer(received: [created, paid])
    #expect(customer.decide(.receive(paid)) == [])
    #expect(customer.decide(.receive(paid.twin("c"))) == [.received(paid.twin("c"))])
  }

  @Test func aTwinUnderAnotherIdCountsOnceAndIsKnown() {
    let created = StripeEventReceived.created("a", incomplete)
    let paid = StripeEventReceived.updated("b", incomplete, active)
    let events = [created, paid, paid.twin("c"), created.twin("d")]
    expect(events, comeTo: active)
    #expect(StripeCustomer(received: events).one?.knownEvents == ["evt_a", "evt_b", "evt_c", "evt_d"])
  }

  /// A request of its own is a change of its own, though all else is the same.
  @Test func theSameChangeByAnotherRequestIsAnother() {
    let events: [StripeEventReceived] = [
      .created("a", active), .updated("b", at: 5, active, ending), .updated("c", at: 5, ending, active),
      .updated("d", at: 5, active, ending),
    ]
    expect(events, comeTo: ending)
    expect(
      [events[0], events[1], events[2], .updated("d", at: 5, active, ending, request: "req_b")], comeTo: active)
  }

  @Test func whatChangesNothingThatIsReadDoesNotDisturb() {
    expect([.created("a", active), .updated("b", at: 1, active, active)], comeTo: active)
    expect(
      [.created("a", incomplete), .updated("b", at: 1, incomplete, active), .updated("c", at: 2, active, active)],
      comeTo: active)
    expect([.updated("c", at: 2, active, active)], comeTo: active)
  }

  @Test func aBeginningThatIsMissingIsNoGap() {
    expect([.updated("b", at: 1, incomplete, active), .updated("c", at: 100, active, renewed)], comeTo: renewed)
  }

  @Test func aMoveThatIsMissingIsAGap() {
    expect([.created("a", incomplete), .updated("c", at: 100, active, renewed)], comeTo: renewed, needsFetch: true)
  }

  @Test func whereItIsNotSettledTheStateThatWasSaidLastIsTaken() {
    let states = (0..<8).map { SubscriptionFacts.of(period: $0) }
    let events: [StripeEventReceived] = [
      .updated("a", at: 10, states[0], states[1]), .updated("b", at: 20, states[2], states[3]),
      .updated("c", at: 30, states[4], states[5]), .updated("d", at: 5, states[5], states[6]),
    ]
    expect(events, comeTo: states[3], needsFetch: true)
    // In one second by the id, of a twin, too.
    let moved = StripeEventReceived.updated("c", active, renewed)
    expect([.created("d", incomplete), moved], comeTo: incomplete, needsFetch: true)
    expect([.created("d", incomplete), moved, moved.twin("e")], comeTo: renewed, needsFetch: true)
  }

  /// Counting alone takes the beginning for the end here: all others were left as often as arrived at.
  @Test func movesThatNothingConnectsAreAGap() {
    let events: [StripeEventReceived] = [
      .created("a", incomplete), .updated("c", at: 10, active, ending), .updated("d", at: 20, ending, active),
    ]
    expect(events, comeTo: incomplete, needsFetch: true)
    expect([.created("a", incomplete), .updated("c", at: 10, active, active)], comeTo: incomplete, needsFetch: true)
  }

  /// Of set, unset and set one is missing: the rest is a walk, too, but not one that ends with what was said last.
  @Test func aWalkThatDoesNotEndWithItsLastMoveIsAGap() {
    let events: [StripeEventReceived] = [
      .created("a", active), .updated("c", at: 5_000, ending, active), .updated("d", at: 9_000, active, ending),
    ]
    expect(events, comeTo: active, needsFetch: true)
  }

  @Test func anEndWinsForEver() {
    for end in [SubscriptionFacts.of("canceled"), .of("incomplete_expired")] {
      let said: [StripeEventReceived] = [
        .created("a", at: 50, incomplete), .updated("b", at: 60, incomplete, active),
        .updated("c", at: 10, incomplete, end),
      ]
      expect(said, comeTo: end)
    }
    // By itself, whatever its status says.
    var canceled = active
    canceled.status = "canceled"
    expect([.deleted("z", at: 1, active), .updated("b", at: 60, incomplete, active)], comeTo: canceled)
  }

  @Test func ofSeveralThatSayTheEndTheDeletionKnowsWhy() {
    var (told, plain) = (SubscriptionFacts.of("canceled"), SubscriptionFacts.of("canceled"))
    told.cancellationReason = "payment_failed"
    plain.latestInvoice = nil
    expect([.deleted("a", at: 1, told), .updated("b", at: 60, plain, plain)], comeTo: told)
  }

  @Test func anAnswerIsTheNewStart() {
    var customer = StripeCustomer(received: [.created("a", incomplete), .updated("c", at: 100, active, renewed)])
    #expect(customer.one?.needsFetch == true)
    let answer = StripeObjectFetched.answer(pastDue, knowing: customer.one?.knownEvents ?? [], at: 200)
    #expect(customer.decide(.fetched(answer)) == [.fetched(answer)])
    customer.evolve(.fetched(answer))
    #expect(customer.one?.state == pastDue && customer.one?.needsFetch == false)
    #expect(customer.decide(.fetched(answer)) == [])
    var later = answer
    later.answeredAt = .second(300)
    #expect(customer.decide(.fetched(later)) == [], "says the same, and knew the same")
    later.knownEvents.append("evt_d")
    #expect(customer.decide(.fetched(later)) == [.fetched(later)])
    customer.evolve(.received(.updated("d", at: 300, pastDue, renewed)))
    #expect(customer.one?.state == renewed && customer.one?.needsFetch == false)
    customer.evolve(.received(.updated("f", at: 500, ending, active)))
    #expect(customer.one?.state == active && customer.one?.needsFetch == true)
  }

  /// It was ending and runs on, and not one event says so.
  @Test func anAnswerThatWasTrueBeforeIsRecordedWhereAnotherCameBetween() {
    var customer = StripeCustomer(received: [.created("a", active)])
    for (second, state) in [(10, active), (20, ending), (30, active)] {
      for fact in customer.decide(.fetched(.answer(state, knowing: ["evt_a"], at: second))) { customer.evolve(fact) }
      #expect(customer.one?.state == state)
    }
  }

  @Test func factsAndAnswersInAnyOrderComeToTheSame() {
    let events: [StripeCustomer.Event] = [
      .received(.created("a", incomplete)), .received(.updated("c", at: 100, active, renewed)),
      .fetched(.answer(renewed, knowing: ["evt_a", "evt_c"], at: 200)),
      .received(.updated("d", at: 300, renewed, pastDue)), .received(.updated("b", at: 2, incomplete, active)),
      .received(.updated("c", at: 100, active, renewed).twin("e")),
    ]
    let expected = StripeCustomer(events).seen
    for order in events.orders { #expect(StripeCustomer(order + [events[2]]).seen == expected) }
    #expect(StripeCustomer(events).one?.state == pastDue && StripeCustomer(events).one?.needsFetch == false)
  }

  @Test func anAnswerClosesTheTwinsOfWhatWasKnown() {
    let events: [StripeCustomer.Event] = [
      .received(.created("a", incomplete)), .received(.updated("c", at: 100, active, renewed)),
      .fetched(.answer(renewed, knowing: ["evt_a", "evt_e"], at: 200)),
      .received(.updated("c", at: 100, active, renewed).twin("e")), .received(.updated("d", at: 300, renewed, pastDue)),
    ]
    for order in events.orders {
      let one = StripeCustomer(order).one
      #expect(one?.state == pastDue && one?.needsFetch == false)
    }
  }

  /// As the page that Stripe returns to asks before the first event comes.
  @Test func eventsThatAnAnswerWasAheadOfNeedNoOther() {
    var customer = StripeCustomer([.fetched(.answer(active, knowing: [], at: 3))])
    #expect(customer.one?.state == active && customer.one?.needsFetch == false)
    for event: StripeEventReceived in [.created("a", incomplete), .updated("b", at: 1, incomplete, active)] {
      customer.evolve(.received(event))
      #expect(customer.one?.state == active && customer.one?.needsFetch == false)
    }
  }

  /// The answer was later than the move, which comes to the state that was left since.
  @Test func aMoveThatComesAfterAnAnswerDoesNotTurnItBack() {
    let events: [StripeCustomer.Event] = [
      .received(.created("a", active)), .received(.updated("c", at: 5_000, ending, active)),
      .fetched(.answer(active, knowing: ["evt_a", "evt_c"], at: 6_000)),
      .received(.updated("b", at: 1_000, active, ending)),
    ]
    for order in events.orders {
      let one = StripeCustomer(order).one
      #expect(one?.state == active && one?.needsFetch == true)
    }
  }

  @Test func ofTwoAnswersTheLaterCounts() {
    let events: [StripeCustomer.Event] = [
      .received(.created("a", incomplete)), .fetched(.answer(active, knowing: ["evt_a"], at: 10)),
      .fetched(.answer(ending, knowing: ["evt_a"], at: 20)),
    ]
    for order in events.orders { #expect(StripeCustomer(order).one?.state == ending) }
  }

  @Test func aWitnessMovesNothingAndAsksWhereItContradicts() {
    let paused = SubscriptionFacts.of("paused")
    expect([.created("a", active), .witness("b", "trial_will_end", at: 5, active)], comeTo: active)
    expect([.created("a", active), .witness("b", "paused", at: 5, paused)], comeTo: active, needsFetch: true)
    expect(
      [.created("a", active), .witness("b", "paused", at: 5, paused), .updated("c", at: 5, active, paused)],
      comeTo: paused)
    expect([.witness("b", "paused", at: 5, paused)], comeTo: paused, needsFetch: true)
    var customer = StripeCustomer(received: [.created("a", active), .witness("b", "paused", at: 5, paused)])
    customer.evolve(.fetched(.answer(active, knowing: ["evt_a", "evt_b"], at: 9)))
    #expect(customer.one?.state == active && customer.one?.needsFetch == false)
  }

  /// What an older version leaves out of a state, and what a price is said to be, is no other state.
  @Test func twoVersionsOfAStateAreOne() {
    var (newer, older) = (active, active)
    newer.cancellationReason = "cancellation_requested"
    newer.items[0].tier = "pro"
    (older.created, older.items[0].product) = (nil, nil)
    let events: [StripeEventReceived] = [
      .created("a", incomplete), .updated("b", at: 1, incomplete, newer), .updated("c", at: 100, older, renewed),
    ]
    expect(events, comeTo: renewed)
  }

  @Test func whatItEverHeldAndWhetherItEntitledIsKept() {
    let business = SubscriptionFacts.of("unpaid", price: "price_business")
    let events: [StripeEventReceived] = [
      .created("a", incomplete), .updated("b", at: 1, active, .of(price: "price_business")),
      .updated("c", at: 2, .of(price: "price_business"), business),
    ]
    for order in events.orders {
      let one = StripeCustomer(received: order).one
      #expect(one?.everHeld.map(\.price) == ["price_business", "price_pro"])
      #expect(one?.everHeld.allSatisfy { $0.periodStart == nil && $0.quantity == 1 } == true)
      #expect(one?.wasEntitled == true)
    }
    #expect(StripeCustomer(received: [.created("a", incomplete)]).one?.wasEntitled == false)
  }

  @Test func pastDueCountsFromTheBeginningOfItsLastStretch() {
    let (again, retried) = (SubscriptionFacts.of("past_due", period: 2), SubscriptionFacts.of("past_due", period: 3))
    let events: [StripeEventReceived] = [
      .updated("b", at: 1_000, active, pastDue), .updated("c", at: 1_500, pastDue, renewed),
      .updated("d", at: 2_000, renewed, again), .updated("e", at: 2_500, again, retried), .created("a", active),
    ]
    for order in events.orders { #expect(StripeCustomer(received: order).one?.pastDueSince == .second(2_000)) }
    #expect(StripeCustomer(received: [.created("a", active)]).one?.pastDueSince == nil)
    let healed = events + [.updated("f", at: 3_000, retried, active)]
    #expect(StripeCustomer(received: healed).one?.pastDueSince == nil)
  }

  @Test func aDeletedCustomersSubscriptionsAreCanceledBeforeAndAfter() {
    let deleted = StripeEventReceived.event("z", "customer.deleted", of: "cus_1", at: 9, StripeFacts(deleted: true))
    var canceled = active
    canceled.status = "canceled"
    for order in [StripeEventReceived.created("a", active), deleted, .updated("c", at: 5, renewed, active)].orders {
      let customer = StripeCustomer(received: order)
      #expect(customer.isDeleted)
      #expect(customer.one?.state == canceled)
      #expect(customer.one?.needsFetch == false)
    }
  }

  @Test func theFirstLinkStays() {
    let (one, other) = (UUID(), UUID())
    func link(_ account: UUID) -> BillingCustomerLinked {
      BillingCustomerLinked(stripeAccount: "acct_1", livemode: false, customer: "cus_1", accountID: account)
    }
    #expect(StripeCustomer().decide(.link(link(one))) == [.linked(link(one))])
    let customer = StripeCustomer([.linked(link(one))])
    #expect(customer.accountID == one && customer.customer == "cus_1")
    #expect(customer.mode == StripeMode(stripeAccount: "acct_1", livemode: false))
    #expect(customer.decide(.link(link(one))) == [] && customer.decide(.link(link(other))) == [])
  }

  @Test func someThousandEventsFoldQuickly() {
    var events: [StripeEventReceived] = [.created("start", .of(period: 0))]
    for period in 0..<3_000 {
      events.append(.updated("\(period)", at: period * 1_000, .of(period: period), .of(period: period + 1)))
    }
    var random = SplitMix(seed: 1)
    let customer = StripeCustomer(received: events.shuffled(using: &random))
    #expect(customer.one?.state == .of(period: 3_000))
    #expect(customer.one?.needsFetch == false)
  }
}
