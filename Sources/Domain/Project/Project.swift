public import struct Foundation.UUID

/// What an account tracks, with its API keys. Stream `project-<id>`.
public struct Project: Decider {
  /// Nil until created.
  public private(set) var id: UUID?
  /// Whose it is.
  public private(set) var accountID: UUID?
  /// The keys ever issued, by id.
  public private(set) var keys: [UUID: Key] = [:]

  /// A project not created yet.
  public init() {}

  /// What the project knows of one of its keys.
  public struct Key: Sendable, Equatable {
    /// Whether it has been revoked.
    public var isRevoked: Bool
  }

  /// What can have happened to a project.
  public enum Event: RecordedEvent {
    case created(ProjectCreated)
    case keyIssued(KeyIssued)
    case keyRevoked(KeyRevoked)
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .created(let created):
      id = created.projectID
      accountID = created.accountID
    case .keyIssued(let issued): keys[issued.keyID] = Key(isRevoked: false)
    case .keyRevoked(let revoked): keys[revoked.keyID]?.isRevoked = true
    }
  }
}

/// A project exists from here on.
public struct ProjectCreated: EventData {
  /// As the log has it; never changes.
  public static let type = "project_created"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The new project.
  public var projectID: UUID
  /// Whose it is, for good.
  public var accountID: UUID
  /// What its owners call it, 1 to 100 characters.
  public var name: String

  enum CodingKeys: String, CodingKey {
    case projectID = "project_id"
    case accountID = "account_id"
    case name
  }
}

/// A key was shown once to its owner. Version 1 knew neither `mode` nor `scopes`.
public struct KeyIssued: EventData {
  /// As the log has it; never changes.
  public static let type = "key_issued"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 2
  /// The new key.
  public var keyID: UUID
  /// What the key belongs to.
  public var projectID: UUID
  /// The project's account.
  public var accountID: UUID
  /// What its owners call it, 1 to 100 characters.
  public var name: String
  /// Whether its events are business or rehearsal.
  public var mode: KeyMode
  /// What it opens; at least one.
  public var scopes: [KeyScope]
  /// Its first and last characters, to recognise it by.
  public var hint: String
  /// Hex SHA-256 of the whole key: 190 bits of randomness need no slow hash.
  public var hash: String

  enum CodingKeys: String, CodingKey {
    case keyID = "key_id"
    case projectID = "project_id"
    case accountID = "account_id"
    case name, mode, scopes, hint, hash
  }
}

/// A key stopped working, at once and for good.
public struct KeyRevoked: EventData {
  /// As the log has it; never changes.
  public static let type = "key_revoked"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The key that opens nothing any more.
  public var keyID: UUID
  /// What the key belonged to.
  public var projectID: UUID
  /// The project's account.
  public var accountID: UUID

  enum CodingKeys: String, CodingKey {
    case keyID = "key_id"
    case projectID = "project_id"
    case accountID = "account_id"
  }
}

/// Whether a key's events are business or rehearsal: test events are accepted, shown apart and never count against the quota.
public enum KeyMode: String, Codable, Sendable, CaseIterable {
  case live, test
}

/// What a key opens.
public enum KeyScope: String, Codable, Sendable, CaseIterable {
  case track, read
}

extension Project.Event {
  /// The event types of a project's stream.
  public static var types: [any EventData.Type] { [ProjectCreated.self, KeyIssued.self, KeyRevoked.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    switch data {
    case let created as ProjectCreated: self = .created(created)
    case let issued as KeyIssued: self = .keyIssued(issued)
    case let revoked as KeyRevoked: self = .keyRevoked(revoked)
    default: return nil
    }
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .created(let data): data
    case .keyIssued(let data): data
    case .keyRevoked(let data): data
    }
  }
}
