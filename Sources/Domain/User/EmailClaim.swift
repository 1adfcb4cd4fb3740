package import struct Foundation.UUID

/// Whose an address is. Stream `email-<digest>`: the stream's versions make an address belong to one person however many
/// processes claim it at once.
package struct EmailClaim: Decider {
  /// Nil while the address is free.
  package private(set) var owner: UUID?

  /// An address nobody has claimed.
  package init() {}

  /// What can have happened to an address.
  package enum Event: RecordedEvent {
    case claimed(EmailClaimed)
    case released(EmailReleased)
  }

  /// What can be asked.
  package enum Command: Sendable {
    case claim(EmailClaimed)
    case release(EmailReleased)
  }

  /// Why a claim is turned down.
  package enum Failure: Error, Equatable {
    case taken(by: UUID)
  }

  /// The events that follow from a command. Releasing what is another's, or nobody's, changes nothing.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .claim(let claim):
      guard let owner else { return [.claimed(claim)] }
      guard owner == claim.userID else { throw .taken(by: owner) }
      return []
    case .release(let release): return owner == release.userID ? [.released(release)] : []
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .claimed(let claim): owner = claim.userID
    case .released: owner = nil
    }
  }
}

extension EmailClaim.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(claimed),
    EventCase(released),
  ]
}
