import Domain
package import EventLog
package import Foundation

/// What a member does to an account's projects. A project counts against its account's tier: where both change, both are appended or
/// none.
package struct ProjectCommands: Sendable {
  package let log: Log
  package var changes: ChangeLimit?
  let clock: any WallClock

  package init(log: Log, changes: ChangeLimit? = nil, clock: any WallClock = SystemClock()) {
    self.log = log
    self.changes = changes
    self.clock = clock
  }

  /// A new project. The same id with the same name once more changes nothing; with another name it is a conflict.
  package func create(_ id: UUID, named name: String, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .manageProjects) { state, project in
      if project.id != nil {
        guard project.accountID == account, project.firstName == name else { throw Project.Failure.alreadyCreated }
        return ([], [])
      }
      return (
        try state.decide(.addProject(id, at: clock.now)),
        try project.decide(.create(id: id, accountID: account, name: name))
      )
    }
  }

  /// Another name.
  package func rename(_ id: UUID, to name: String, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .manageProjects) { ([], try $1.decide(.rename(name))) }
  }

  /// The project tracks nothing any more, and its place under the tier's limit is free.
  package func archive(_ id: UUID, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .archiveProjects) { state, project in
      (try state.decide(.removeProject(id)), try project.decide(.archive))
    }
  }

  /// The project tracks again, where the tier has room for it. Throws `Account.Failure.projectLimitReached`.
  package func unarchive(_ id: UUID, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .archiveProjects) { state, project in
      let events = try project.decide(.unarchive)
      return (events.isEmpty ? [] : try state.decide(.addProject(id, at: clock.now)), events)
    }
  }

  private func handle(
    _ id: UUID, of accountID: UUID, by actor: Actor, needing action: Action,
    _ decide: (Account, Project) throws -> ([Account.Event], [Project.Event])
  ) async throws -> Recorded {
    let shard = log.shards.shard(of: accountID)
    let accountStream = StreamID.account(accountID, shard: shard)
    let projectStream = StreamID.project(id, of: accountID, shard: shard)
    let handled = try await log.handle(on: projectStream.name, from: actor.origin) { change in
      let account = try await change.load(Account.self, from: accountStream)
      try Access.check(action, on: account.state, accountID, of: actor.userID)
      let project = try await change.load(Project.self, from: projectStream)
      let (accountEvents, projectEvents) = try decide(account.state, project.state)
      if !accountEvents.allSatisfy({ $0.takesAway(from: account.state) }) || !projectEvents.allSatisfy(\.takesAway) {
        try await changes?.take(accountID)
      }
      try change.append(accountEvents, to: account)
      try change.append(projectEvents, to: project)
    }
    return Recorded(shard: shard, position: handled.position)
  }
}
