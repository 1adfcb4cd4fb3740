/// What follows from the facts, said one after another: each is decided on what was said before it.
struct BillingFollowing {
  let facts: BillingFacts
  /// Before any of it.
  let before: Billing
  /// After what was said by now.
  private(set) var billing: Billing
  private(set) var events: [Billing.Event] = []
  /// As the facts have them, the oldest first.
  let subscriptions: [KnownSubscription]

  /// Nothing yet.
  init(_ facts: BillingFacts, after billing: Billing) {
    self.facts = facts
    before = billing
    self.billing = billing
    subscriptions = facts.subscriptions(after: billing)
  }

  mutating func say(_ event: Billing.Event) {
    billing.evolve(event)
    events.append(event)
  }

  /// What is said once, unless it was.
  mutating func sayOnce(_ event: Billing.Event) {
    guard let told = event.told, !billing.told.contains(told) else { return }
    say(event)
  }
}

extension Dictionary where Key == String {
  /// In the order of their ids: the same in every process.
  var inOrder: [(key: String, value: Value)] { sorted { $0.key < $1.key } }
}
