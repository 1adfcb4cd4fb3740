public import struct Foundation.UUID

/// Whose an address is. Stream `email-<digest>`: the stream's versions make an address belong to one person however many
/// processes claim it at once.
public struct EmailClaim: Decider {
  /// Nil while the address is free.
  public private(set) var owner: UUID?

  /// An address nobody has claimed.
  public init() {}

  /// What can have happened to an address.
  public enum Event: RecordedEvent {
    case claimed(EmailClaimed)
    case released(EmailReleased)
  }

  /// What can be asked.
  public enum Command: Sendable {
    case claim(EmailClaimed)
    case release(EmailReleased)
  }

  /// Why a claim is turned down.
  public enum Failure: Error, Equatable {
    case taken(by: UUID)
  }

  /// The events that follow from a command. Releasing what is another's, or nobody's, changes nothing.
  public func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .claim(let claim):
      guard let owner else { return [.claimed(claim)] }
      guard owner == claim.userID else { throw .taken(by: owner) }
      return []
    case .release(let release): return owner == release.userID ? [.released(release)] : []
    }
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .claimed(let claim): owner = claim.userID
    case .released: owner = nil
    }
  }
}

extension EmailClaim.Event {
  /// The event types of an address's stream.
  public static var types: [any EventData.Type] { [EmailClaimed.self, EmailReleased.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    switch data {
    case let claimed as EmailClaimed: self = .claimed(claimed)
    case let released as EmailReleased: self = .released(released)
    default: return nil
    }
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .claimed(let data): data
    case .released(let data): data
    }
  }
}
