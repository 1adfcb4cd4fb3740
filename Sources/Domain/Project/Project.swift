package import struct Foundation.UUID

/// What an account tracks, with its API keys. Stream `project-<id>`.
package struct Project: Decider {
  /// Nil until created.
  package private(set) var id: UUID?
  /// Whose it is.
  package private(set) var accountID: UUID?
  /// What its owners call it.
  package private(set) var name = ""
  /// What they called it first, by which a repeated creation is known.
  package private(set) var firstName = ""
  /// Whether it tracks nothing while it is so.
  package private(set) var isArchived = false
  /// The keys ever issued, by id.
  package private(set) var keys: [UUID: Key] = [:]
  /// The links ever shared, by id.
  package private(set) var links: [UUID: Link] = [:]
  /// What was taken out of its numbers, by the voids' ids.
  package private(set) var voids: [UUID: TelemetryVoided] = [:]
  /// The views ever saved, by id.
  package private(set) var views: [UUID: ViewSaved] = [:]
  /// Those of them that are there, by name.
  package private(set) var viewIDs: [String: UUID] = [:]
  /// The annotations ever added, by id.
  package private(set) var annotations: [UUID: AnnotationAdded] = [:]
  /// Those of them that are there.
  package private(set) var annotationIDs: Set<UUID> = []

  /// A project not created yet.
  package init() {}

  /// What can have happened to a project.
  package enum Event: RecordedEvent {
    case created(ProjectCreated)
    case renamed(ProjectRenamed)
    case archived(ProjectArchived)
    case unarchived(ProjectUnarchived)
    case keyIssued(KeyIssued)
    case keyRotated(KeyRotated)
    case keyRevoked(KeyRevoked)
    case linkShared(LinkShared)
    case linkRevoked(LinkRevoked)
    case telemetryVoided(TelemetryVoided)
    case viewSaved(ViewSaved)
    case viewRemoved(ViewRemoved)
    case annotationAdded(AnnotationAdded)
    case annotationRemoved(AnnotationRemoved)
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .created(let created):
      id = created.projectID
      accountID = created.accountID
      name = created.name
      firstName = created.name
    case .renamed(let renamed): name = renamed.name
    case .archived: isArchived = true
    case .unarchived: isArchived = false
    case .keyIssued(let issued): keys[issued.keyID] = Key(issued)
    case .keyRotated(let rotated):
      keys[rotated.keyID]?.retiresAt = rotated.retiresAt
      keys[rotated.keyID]?.successorID = rotated.successorID
    case .keyRevoked(let revoked): keys[revoked.keyID]?.isRevoked = true
    case .linkShared(let shared): links[shared.linkID] = Link(shared)
    case .linkRevoked(let revoked): links[revoked.linkID]?.isRevoked = true
    case .telemetryVoided(let void): voids[void.voidID] = void
    case .viewSaved(let saved):
      views[saved.viewID] = saved
      viewIDs[saved.name] = saved.viewID
    case .viewRemoved(let removed):
      if let view = views[removed.viewID] { viewIDs[view.name] = nil }
    case .annotationAdded(let added):
      annotations[added.annotationID] = added
      annotationIDs.insert(added.annotationID)
    case .annotationRemoved(let removed): annotationIDs.remove(removed.annotationID)
    }
  }
}

/// A project exists from here on.
package struct ProjectCreated: EventData {
  package static let kind = EventKind("project_created", isSecurityRelevant: true)
  /// The new project.
  package var projectID: UUID
  /// Whose it is, for good.
  package var accountID: UUID
  /// What its owners call it, 1 to 100 characters.
  package var name: String
}

/// A project has another name from here on.
package struct ProjectRenamed: EventData {
  package static let kind = EventKind("project_renamed", isSecurityRelevant: true)
  /// The project.
  package var projectID: UUID
  /// Whose it is.
  package var accountID: UUID
  /// What its owners call it now, 1 to 100 characters.
  package var name: String
}

/// A project is put away: its keys write no more, its numbers stay. `project_removed` on the account's stream stands beside it.
package struct ProjectArchived: EventData {
  package static let kind = EventKind("project_archived", isSecurityRelevant: true)
  /// The project.
  package var projectID: UUID
  /// Whose it is.
  package var accountID: UUID
}

/// A project is in use again: its keys work as far as they have not ended meanwhile. `project_added` on the account's stream stands
/// beside it.
package struct ProjectUnarchived: EventData {
  package static let kind = EventKind("project_unarchived", isSecurityRelevant: true)
  /// The project.
  package var projectID: UUID
  /// Whose it is.
  package var accountID: UUID
}

extension Project.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(created),
    EventCase(renamed),
    EventCase(archived),
    EventCase(unarchived),
    EventCase(keyIssued),
    EventCase(keyRotated),
    EventCase(keyRevoked),
    EventCase(linkShared),
    EventCase(linkRevoked),
    EventCase(telemetryVoided),
    EventCase(viewSaved),
    EventCase(viewRemoved),
    EventCase(annotationAdded),
    EventCase(annotationRemoved),
  ]
}
