package import struct Foundation.UUID

extension Project {
  /// What can be asked of a project. Whether the asker may is decided before, by the one table of permissions. `at` is the time,
  ///.
  package enum Command: Sendable {
    case create(id: UUID, accountID: UUID, name: String)
    case rename(String)
    case archive
    case unarchive
    case issueKey(KeyRequest, at: Instant)
    case rotateKey(UUID, KeyRotation, at: Instant)
    case revokeKey(UUID)
    case shareLink(LinkRequest, at: Instant)
    case revokeLink(UUID)
    case voidTelemetry(VoidRequest)
    case saveView(ViewRequest)
    case removeView(UUID)
    case annotate(AnnotationRequest)
    case removeAnnotation(UUID)
  }

  /// The events that follow from a command.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .create(let id, let accountID, let name):
      guard self.id == nil else { throw .alreadyCreated }
      try Self.check(name: name)
      return [.created(ProjectCreated(projectID: id, accountID: accountID, name: name))]
    case .rename(let name): return try rename(name)
    case .archive: return try archive()
    case .unarchive: return try unarchive()
    case .issueKey(let request, let now): return [.keyIssued(try issue(request, at: now))]
    case .rotateKey(let key, let rotation, let now): return try rotate(key, rotation, at: now)
    case .revokeKey(let key): return try revoke(key)
    case .shareLink(let request, let now): return [.linkShared(try share(request, at: now))]
    case .revokeLink(let link): return try revoke(link: link)
    case .voidTelemetry(let request): return try void(request)
    case .saveView(let request): return try save(request)
    case .removeView(let view): return try removeView(view)
    case .annotate(let request): return try annotate(request)
    case .removeAnnotation(let annotation): return try removeAnnotation(annotation)
    }
  }

  private func rename(_ name: String) throws(Failure) -> [Event] {
    let (id, accountID) = try active()
    try Self.check(name: name)
    guard name != self.name else { return [] }
    return [.renamed(ProjectRenamed(projectID: id, accountID: accountID, name: name))]
  }

  private func archive() throws(Failure) -> [Event] {
    guard let id, let accountID else { throw .notCreated }
    return isArchived ? [] : [.archived(ProjectArchived(projectID: id, accountID: accountID))]
  }

  private func unarchive() throws(Failure) -> [Event] {
    guard let id, let accountID else { throw .notCreated }
    return isArchived ? [.unarchived(ProjectUnarchived(projectID: id, accountID: accountID))] : []
  }

  /// Whose it is, of a project that things can still happen to.
  func active() throws(Failure) -> (id: UUID, accountID: UUID) {
    guard let id, let accountID else { throw .notCreated }
    guard !isArchived else { throw .archived }
    return (id, accountID)
  }

  /// Long enough for any real name, short enough for a table's column.
  package static let maximumNameLength = 100

  static func check(name: String) throws(Failure) {
    guard NameRule.takes(name, maximumCharacters: maximumNameLength) else {
      throw .badName(maximumCharacters: maximumNameLength)
    }
  }
}
