public import struct Foundation.UUID

/// What an account tracks, with its API keys. Stream `project-<id>`.
public struct Project: Decider {
  /// Nil until created.
  public private(set) var id: UUID?
  /// Whose it is.
  public private(set) var accountID: UUID?
  /// What its owners call it.
  public private(set) var name = ""
  /// What they called it first, by which a repeated creation is known.
  public private(set) var firstName = ""
  /// Whether it tracks no more.
  public private(set) var isArchived = false
  /// The keys ever issued, by id.
  public private(set) var keys: [UUID: Key] = [:]
  /// What was taken out of its numbers, by the corrections' ids.
  public private(set) var voids: [UUID: TelemetryVoided] = [:]

  /// A project not created yet.
  public init() {}

  /// What can have happened to a project.
  public enum Event: RecordedEvent {
    case created(ProjectCreated)
    case renamed(ProjectRenamed)
    case archived(ProjectArchived)
    case keyIssued(KeyIssued)
    case keyRotated(KeyRotated)
    case keyRevoked(KeyRevoked)
    case telemetryVoided(TelemetryVoided)
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .created(let created):
      id = created.projectID
      accountID = created.accountID
      name = created.name
      firstName = created.name
    case .renamed(let renamed): name = renamed.name
    case .archived: isArchived = true
    case .keyIssued(let issued): keys[issued.keyID] = Key(issued)
    case .keyRotated(let rotated):
      keys[rotated.keyID]?.retiresAt = rotated.retiresAt
      keys[rotated.keyID]?.successorID = rotated.successorID
    case .keyRevoked(let revoked): keys[revoked.keyID]?.isRevoked = true
    case .telemetryVoided(let void): voids[void.voidID] = void
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

/// A project has another name from here on.
public struct ProjectRenamed: EventData {
  /// As the log has it; never changes.
  public static let type = "project_renamed"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The project.
  public var projectID: UUID
  /// Whose it is.
  public var accountID: UUID
  /// What its owners call it now, 1 to 100 characters.
  public var name: String

  enum CodingKeys: String, CodingKey {
    case projectID = "project_id"
    case accountID = "account_id"
    case name
  }
}

/// A project tracks no more: its keys stopped working, its numbers stay. `project_removed` on the account's stream stands beside it.
public struct ProjectArchived: EventData {
  /// As the log has it; never changes.
  public static let type = "project_archived"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// The project.
  public var projectID: UUID
  /// Whose it is.
  public var accountID: UUID

  enum CodingKeys: String, CodingKey {
    case projectID = "project_id"
    case accountID = "account_id"
  }
}

extension Project.Event {
  /// The event types of a project's stream.
  public static var types: [any EventData.Type] {
    [
      ProjectCreated.self, ProjectRenamed.self, ProjectArchived.self, KeyIssued.self, KeyRotated.self, KeyRevoked.self,
      TelemetryVoided.self,
    ]
  }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    switch data {
    case let created as ProjectCreated: self = .created(created)
    case let renamed as ProjectRenamed: self = .renamed(renamed)
    case let archived as ProjectArchived: self = .archived(archived)
    case let issued as KeyIssued: self = .keyIssued(issued)
    case let rotated as KeyRotated: self = .keyRotated(rotated)
    case let revoked as KeyRevoked: self = .keyRevoked(revoked)
    case let void as TelemetryVoided: self = .telemetryVoided(void)
    default: return nil
    }
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .created(let data): data
    case .renamed(let data): data
    case .archived(let data): data
    case .keyIssued(let data): data
    case .keyRotated(let data): data
    case .keyRevoked(let data): data
    case .telemetryVoided(let data): data
    }
  }
}
