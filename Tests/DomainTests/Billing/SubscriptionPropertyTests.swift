import Testing

@testable import Domain

/// Random histories against a model of Stripe that sees the truth.
@Suite struct SubscriptionPropertyTests {
  /// As Stripe delivers: in any order, some of it twice, some of it under a second id.
  private func delivered(_ events: [StripeEventReceived], _ random: inout SplitMix) -> [StripeEventReceived] {
    let repeated = events.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
    let twins = events.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map { $0.twin("twin_" + $0.eventID) }
    return (events + repeated + twins).shuffled(using: &random)
  }

  @Test(arguments: 0..<400) func aHistoryDeliveredAnyhowComesToTheTruth(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let model = ModelledSubscription.history(seed: seed, changes: 1 + random.below(25))
    let events = delivered(model.events, &random)
    let customer = StripeCustomer(received: events)
    let one = try #require(customer.one)
    #expect(one.state == model.state)
    #expect(!one.needsFetch)
    #expect(one.pastDueSince == model.pastDueSince)
    #expect(StripeCustomer(received: events.shuffled(using: &random)).seen == customer.seen)
  }

  @Test(arguments: 0..<30) func aShortHistoryComesToTheTruthInAllOrders(seed: UInt64) throws {
    let model = ModelledSubscription.history(seed: seed, changes: 4)
    var (events, random) = (Array(model.events.prefix(5)), SplitMix(seed: seed))
    if let again = events.randomElement(using: &random) { events.append(again.twin("twin")) }
    guard model.events.count <= 5 else { return }
    for order in events.orders {
      let one = try #require(StripeCustomer(received: order).one)
      #expect(one.state == model.state && !one.needsFetch, "\(order.map(\.eventID))")
    }
  }

  /// Whichever it is, but the first, which no rule needs, and the last, which nothing follows.
  @Test(arguments: 0..<60) func oneThatIsMissingIsNoticedAndOneAnswerMendsIt(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let model = ModelledSubscription.history(seed: seed, changes: 12, isSlow: true)
    for place in model.events.indices.dropFirst().dropLast() {
      var rest = model.events
      let missing = rest.remove(at: place)
      var customer = StripeCustomer(received: delivered(rest, &random))
      let gap = try #require(customer.one)
      let isMove = missing.prior.map { $0 != missing.facts } ?? false
      #expect(gap.needsFetch == (isMove && !model.isOver))
      if !gap.needsFetch { #expect(gap.state == model.state) }
      customer.evolve(.fetched(.answer(model.state, knowing: gap.knownEvents, at: model.later)))
      #expect(customer.one?.state == model.state && customer.one?.needsFetch == false)
      // It was late, and not lost.
      customer.evolve(.received(missing))
      #expect(customer.one?.state == model.state)
    }
  }

  /// Wherever an answer stands among the events, and whatever was known when it was asked for.
  @Test(arguments: 0..<200) func anAnswerAmongTheEventsNeverMisleads(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let model = ModelledSubscription.history(seed: seed, changes: 10, isSlow: true)
    let place = random.below(model.events.count)
    let known = model.events[...place].filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
    guard let state = model.events[place].facts.subscription else { return }
    let answer = StripeObjectFetched.answer(
      state, knowing: known.map(\.eventID),
      at: Int(model.events[place].created.seconds - Instant.second(0).seconds) + 10)
    let facts = (delivered(model.events, &random).map(StripeCustomer.Event.received) + [.fetched(answer)])
    let customer = StripeCustomer(facts.shuffled(using: &random))
    let one = try #require(customer.one)
    #expect(one.state == model.state || one.needsFetch)
    #expect(StripeCustomer(facts.shuffled(using: &random)).seen == customer.seen)
    // Another GET settles whatever that one did not.
    var mended = customer
    mended.evolve(.fetched(.answer(model.state, knowing: one.knownEvents, at: model.later)))
    #expect(mended.one?.state == model.state && mended.one?.needsFetch == false)
  }
}
