public import struct Foundation.UUID

/// A person who logs in. Stream `user-<id>`.
public struct User: Decider {
  /// Nil until registered.
  public private(set) var id: UUID?

  /// A person not registered yet.
  public init() {}

  /// What can have happened to a person.
  public enum Event: RecordedEvent {
    case registered(UserRegistered)
  }

  /// What can be asked.
  public enum Command: Sendable {
    case register(UserRegistered)
  }

  /// A person is never refused: registering twice is the same as once.
  public func decide(_ command: Command) throws(Never) -> [Event] {
    switch command {
    case .register(let registration): id == nil ? [.registered(registration)] : []
    }
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .registered(let registered): id = registered.userID
    }
  }
}

/// A person became known. The address enters the log sealed with a key that erasure destroys, and as a keyed digest.
public struct UserRegistered: EventData {
  /// As the log has it; never changes.
  public static let type = "user_registered"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The new person.
  public var userID: UUID
  /// Hex HMAC-SHA256 of the normalised address under the log's pepper.
  public var emailDigest: String
  /// Base64 of nonce, ciphertext and tag (AES-256-GCM).
  public var emailSealed: String

  /// A registration.
  public init(userID: UUID, emailDigest: String, emailSealed: String) {
    self.userID = userID
    self.emailDigest = emailDigest
    self.emailSealed = emailSealed
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case emailDigest = "email_digest"
    case emailSealed = "email_sealed"
  }
}

extension User.Event {
  /// The event types of a user's stream.
  public static var types: [any EventData.Type] { [UserRegistered.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    guard let registered = data as? UserRegistered else { return nil }
    self = .registered(registered)
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .registered(let data): data
    }
  }
}
