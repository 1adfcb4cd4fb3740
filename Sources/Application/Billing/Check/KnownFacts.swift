import Domain
import EventLog

/// The facts of a customer at Stripe, folded as far as somebody knew them who said something.
struct KnownFacts: Sendable {
  typealias Facts = SaidStream<StripeCustomer.Event>

  let stream: StreamID
  private let facts: [Facts.Said]
  private(set) var customer = StripeCustomer()
  private var count = 0

  /// None are known yet.
  init(_ facts: Facts, of stream: StreamID) {
    (self.facts, self.stream) = (facts.events, stream)
  }

  /// All are.
  var whole: KnownFacts {
    var whole = self
    while whole.takeNext(recordedBy: .distantFuture) {}
    return whole
  }

  /// Where the last of them was said.
  var last: SaidPlace? { facts.last?.place }
  var total: Int { facts.count }

  /// So much the clocks of shards may differ, where they are on several machines.
  static let skew = Duration.seconds(60)
  /// So much what was recorded may be late by its time: whatever comes after an append by a clock that was ahead has that time at least, until the clock is
  /// there. How much was known is told by its count.
  static let lead = Duration.days(1)

  /// Moves to the first place, from here on, where what was said of a subscription follows; false, and it stays, where there is none. Whoever says
  /// something later knows no less.
  mutating func move(
    to said: SubscriptionChanged, at place: SaidPlace, after billing: Billing, _ catalogues: KnownCatalogues
  )
    -> Bool
  {
    let current = catalogues.inForce(on: said.side, around: place.recordedAt)
    var known = self
    repeat {
      let count = known.customer.subscriptions[said.subscription]?.knownEvents.count ?? 0
      guard count <= said.facts else { return false }
      if count == said.facts, known.lead(to: said, after: billing, current) {
        self = known
        return true
      }
    } while known.takeNext(recordedBy: place.recordedAt + Self.lead)
    return false
  }

  private func lead(to said: SubscriptionChanged, after billing: Billing, _ catalogues: [BillingCatalogue]) -> Bool {
    guard customer.accountID == said.accountID else { return false }
    return catalogues.contains { catalogue in
      billing.leads(of: said.subscription, from: customer, in: catalogue, to: said.accountID).contains(said)
    }
  }

  private mutating func takeNext(recordedBy time: Instant) -> Bool {
    guard count < facts.count, facts[count].place.recordedAt <= time else { return false }
    customer.evolve(facts[count].event)
    count += 1
    return true
  }
}
