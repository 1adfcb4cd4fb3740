import Domain
import EventLog
import Postgres

/// What was sold when, on each side of a Stripe account.
struct KnownCatalogues: Sendable {
  private var states: [StripeMode: [State]] = [:]

  private struct State: Sendable {
    let catalogue: BillingCatalogue
    let since: Instant
  }

  /// The sides that anything was ever sold on.
  var sides: [StripeMode] { Array(states.keys) }

  /// The side that was set up last: what comes in on others is followed no more. Nil: nothing was ever set up.
  var current: StripeMode? {
    states.max { ($0.value.last?.since ?? .epoch) < ($1.value.last?.since ?? .epoch) }?.key
  }

  /// What was in force on a side at some time from one to another, and before anything was sold the empty one.
  func inForce(on side: StripeMode, from start: Instant, to end: Instant) -> [BillingCatalogue] {
    let states = [State(catalogue: BillingCatalogue(), since: .distantPast)] + (self.states[side] ?? [])
    return states.indices.filter { index in
      let ends = index + 1 < states.count ? states[index + 1].since : .distantFuture
      return states[index].since <= end && ends >= start
    }.map { states[$0].catalogue }
  }

  /// The same for whoever said something at a time, and had read it just before.
  func inForce(on side: StripeMode, around time: Instant) -> [BillingCatalogue] {
    inForce(on: side, from: time - KnownFacts.lead, to: time + KnownFacts.lead)
  }

  /// Takes in what was said in a side's stream.
  mutating func take(_ said: SaidStream<BillingCatalogue.Event>) {
    var catalogue = BillingCatalogue()
    for said in said.events {
      catalogue.evolve(said.event)
      guard let set = catalogue.current else { continue }
      let side = StripeMode(stripeAccount: set.stripeAccount, livemode: set.livemode)
      states[side, default: []].append(State(catalogue: catalogue, since: said.place.recordedAt))
    }
  }
}
