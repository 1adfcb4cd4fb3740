package import Domain
package import EventLog
package import Foundation

/// What a project's members keep beside its numbers: views of them, and annotations of what happened.
package struct ProjectNotes: Sendable {
  let log: Log
  let changes: ChangeLimit

  /// Over an open log.
  package init(log: Log, changes: ChangeLimit) {
    self.log = log
    self.changes = changes
  }

  /// A view, in the place of the one that has its name: the one that is there then. Throws `Project.Failure`.
  package func save(
    _ view: Project.ViewRequest, of project: UUID, in account: UUID, by actor: Actor
  ) async throws -> (view: ViewSaved, recorded: Recorded) {
    let (state, recorded) = try await handle(.saveView(view), on: project, of: account, by: actor)
    guard let saved = state.view(named: view.name) else { throw Project.Failure.noSuchView(view.id) }
    return (saved, recorded)
  }

  /// The view is none any more; once more changes nothing. Throws `Project.Failure`.
  package func removeView(_ view: UUID, of project: UUID, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(.removeView(view), on: project, of: account, by: actor).recorded
  }

  /// An annotation, the same again for the same id. Throws `Project.Failure`.
  package func add(
    _ annotation: Project.AnnotationRequest, to project: UUID, in account: UUID, by actor: Actor
  ) async throws -> (annotation: AnnotationAdded, recorded: Recorded) {
    let (state, recorded) = try await handle(.annotate(annotation), on: project, of: account, by: actor)
    guard let added = state.annotations[annotation.id] else {
      throw Project.Failure.noSuchAnnotation(annotation.id)
    }
    return (added, recorded)
  }

  /// The annotation is none any more; once more changes nothing. Throws `Project.Failure`.
  package func removeAnnotation(
    _ annotation: UUID, of project: UUID, in account: UUID, by actor: Actor
  ) async throws -> Recorded {
    try await handle(.removeAnnotation(annotation), on: project, of: account, by: actor).recorded
  }

  private func handle(
    _ command: Project.Command, on project: UUID, of account: UUID, by actor: Actor
  ) async throws -> (state: Project, recorded: Recorded) {
    let shard = log.shards.shard(of: account)
    let stream = StreamID.project(project, of: account, shard: shard)
    let appended = try await log.handle(Project.self, on: stream, from: actor.origin) { project in
      let state = try await log.load(Account.self, from: .account(account, shard: shard)).state
      try Access.check(.manageProjects, on: state, account, of: actor.userID)
      let events = try project.decide(command)
      if !events.allSatisfy(\.takesAway) { try await changes.take(account) }
      return events
    }
    return (appended.state, Recorded(shard: shard, position: appended.position))
  }
}
