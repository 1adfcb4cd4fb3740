package import struct Foundation.UUID

/// How far the requests of a demo have been made. Stream `demo-<account id>`: an event beside each part of them, in the same transaction,
/// so that whoever goes on knows where it was.
package struct Demo: Decider {
  /// Where the hours begin that have not been made yet; nil before the first.
  package private(set) var upto: Instant?
  /// How many have been made in all.
  package private(set) var requests = 0

  /// A demo without requests.
  package init() {}

  /// What can have happened to it.
  package enum Event: RecordedEvent {
    case generated(DemoGenerated)
  }

  /// What can be asked of it.
  package enum Command: Sendable {
    case generate(DemoGenerated)
  }

  /// Why it can be turned down: never.
  package typealias Failure = Never

  /// None where they have been made.
  package func decide(_ command: Command) -> [Event] {
    switch command {
    case .generate(let generated): generated.upto > upto ?? .distantPast ? [.generated(generated)] : []
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .generated(let generated):
      upto = generated.upto
      requests += generated.requests
    }
  }
}

extension Demo.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(generated)
  ]
}

/// Requests of a demo were made by its recipe and stand beside this event, of all hours up to a moment that had not been made before.
package struct DemoGenerated: EventData {
  package static let kind = EventKind("demo_generated")
  /// The demo's account.
  package var accountID: UUID
  /// Where the hours (UTC) begin that have not been made yet.
  package var upto: Instant
  /// How many.
  package var requests: Int

  /// The data of one such event.
  package init(accountID: UUID, upto: Instant, requests: Int) {
    self.accountID = accountID
    self.upto = upto
    self.requests = requests
  }
}
