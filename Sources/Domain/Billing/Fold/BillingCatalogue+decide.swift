extension BillingCatalogue: Decider {
  /// What can have happened to it.
  package enum Event: RecordedEvent {
    case set(BillingCatalogueSet)

    package static let cases: [EventCase<Self>] = [EventCase(set)]
  }

  /// What can be asked of it.
  package enum Command: Sendable {
    case set(BillingCatalogueSet)
  }

  /// Why not: never.
  package typealias Failure = Never

  /// None where it says the same.
  package func decide(_ command: Command) -> [Event] {
    switch command {
    case .set(let catalogue): catalogue == current ? [] : [.set(catalogue)]
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .set(let catalogue):
      current = catalogue
      for entry in catalogue.prices { prices[entry.id] = entry.tier }
      for entry in catalogue.products { products[entry.id] = entry.tier }
    }
  }
}
