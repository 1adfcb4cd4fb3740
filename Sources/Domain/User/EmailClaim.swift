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
  }

  /// What can be asked.
  public enum Command: Sendable {
    case claim(EmailClaimed)
  }

  /// Why a claim is turned down.
  public enum Failure: Error, Equatable {
    case taken(by: UUID)
  }

  /// The events that follow from a command.
  public func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .claim(let claim):
      guard let owner else { return [.claimed(claim)] }
      guard owner == claim.userID else { throw .taken(by: owner) }
      return []
    }
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .claimed(let claim): owner = claim.userID
    }
  }
}

/// The address with this digest is this person's.
public struct EmailClaimed: EventData {
  /// As the log has it; never changes.
  public static let type = "email_claimed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Hex HMAC-SHA256 of the address under the log's pepper.
  public var emailDigest: String
  /// Whose the address is from here on.
  public var userID: UUID

  /// A claim.
  public init(emailDigest: String, userID: UUID) {
    self.emailDigest = emailDigest
    self.userID = userID
  }

  enum CodingKeys: String, CodingKey {
    case emailDigest = "email_digest"
    case userID = "user_id"
  }
}

extension EmailClaim.Event {
  /// The event types of an address's stream.
  public static var types: [any EventData.Type] { [EmailClaimed.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    guard let claimed = data as? EmailClaimed else { return nil }
    self = .claimed(claimed)
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .claimed(let data): data
    }
  }
}
