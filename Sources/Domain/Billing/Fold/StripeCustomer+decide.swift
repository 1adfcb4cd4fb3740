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

  /// None where it is known: an event by its id, whatever its body; an answer by what it says and what was known when it was asked
  /// for, if no other came between; a link by there being one, for a customer never changes hands.
  package func decide(_ command: Command) -> [Event] {
    switch command {
    case .receive(let event): events.contains(event.eventID) ? [] : [.received(event)]
    case .fetched(let answer): isKnown(answer) ? [] : [.fetched(answer)]
    case .link(let link): accountID == nil ? [.linked(link)] : []
    }
  }

  private func isKnown(_ answer: StripeObjectFetched) -> Bool {
    answers[answer.objectID]?.saysTheSame(as: StripeAnswer(answer)) ?? false
  }
}
