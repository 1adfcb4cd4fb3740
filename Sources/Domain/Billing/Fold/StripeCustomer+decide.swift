extension StripeCustomer: Decider {
  /// What can have been said of a customer.
  package enum Event: RecordedEvent {
    case received(StripeEventReceived)
    case fetched(StripeObjectFetched)
    case linked(BillingCustomerLinked)

    package static let cases: [EventCase<Self>] = [EventCase(received), EventCase(fetched), EventCase(linked)]
  }

  /// What is taken in.
  package enum Command: Sendable {
    case receive(StripeEventReceived)
    case fetched(StripeObjectFetched)
    case link(BillingCustomerLinked)
  }

  /// Why it is not: never. What is known already changes nothing.
  package typealias Failure = Never

  /// None where it is known: an event by its id, whatever its body.
  package func decide(_ command: Command) -> [Event] { [] }

  /// Moves the state past one fact.
  package mutating func evolve(_ event: Event) {}
}
