extension Billing {
  /// The events that follow from a command.
  package func decide(_ command: Command) throws(Failure) -> [Event] { [] }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {}

  /// What the account is subscribed to by all that is known (R7), with why it changes to that; nil: it never subscribed, and its tier is none of
  /// billing's business.
  package func tier(by facts: BillingFacts, over tier: Tier) -> SubscribedTier? { nil }

  /// When this is to be looked at again though Stripe says nothing: a grace that ends, thirty days past due, a reminder; nil: never.
  package func nextLook(at facts: BillingFacts) -> Instant? { nil }
}
