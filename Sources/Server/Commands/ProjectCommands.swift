import Domain
import EventLog
import Foundation
import Postgres

/// What a member does to an account's projects. A project counts against its account's tier: where both change, both are appended or
/// none.
struct ProjectCommands: Sendable {
  let log: Log
  var changes: ChangeLimit?

  /// The account of a project, by the project's own stream: known with the commit that created it. Nil when there is none.
  func account(of project: UUID) async throws -> UUID? {
    let name = EventLog.Stream.project(project, of: project, shard: 0).name
    // On every shard, since a project's id does not tell its account: a look-up by primary key each.
    let row = try await log.pool.query(
      """
      SELECT h.shard FROM log.heads AS h
      JOIN log.stream_versions AS v ON v.shard = h.shard AND v.stream = \(name) AND v.version = 1
      """
    ).first
    guard let row else { return nil }
    let stream = EventLog.Stream(name: name, shard: Int(try row.decode("shard", as: Int32.self)))
    return try await log.load(Project.self, from: stream).state.accountID
  }

  /// A new project. The same id with the same name once more changes nothing; with another name it is a conflict.
  func create(_ id: UUID, named name: String, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .manageProjects) { state, project in
      if project.id != nil {
        guard project.accountID == account, project.firstName == name else { throw Project.Failure.alreadyCreated }
        return ([], [])
      }
      return (
        try state.decide(.addProject(id)), try project.decide(.create(id: id, accountID: account, name: name))
      )
    }
  }

  /// Another name.
  func rename(_ id: UUID, to name: String, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .manageProjects) { ([], try $1.decide(.rename(name))) }
  }

  /// The project tracks no more, and its place under the tier's limit is free.
  func archive(_ id: UUID, in account: UUID, by actor: Actor) async throws -> Recorded {
    try await handle(id, of: account, by: actor, needing: .archiveProjects) { state, project in
      (try state.decide(.removeProject(id)), try project.decide(.archive))
    }
  }

  private func handle(
    _ id: UUID, of accountID: UUID, by actor: Actor, needing action: Action,
    _ decide: (Account, Project) throws -> ([Account.Event], [Project.Event])
  ) async throws -> Recorded {
    let shard = log.shards.shard(of: accountID)
    let accountStream = EventLog.Stream.account(accountID, shard: shard)
    let projectStream = EventLog.Stream.project(id, of: accountID, shard: shard)
    let appended = try await log.handle(on: projectStream.name) {
      let (account, accountVersion) = try await log.load(Account.self, from: accountStream)
      try Access.check(action, on: account, accountID, of: actor.userID)
      let (project, projectVersion) = try await log.load(Project.self, from: projectStream)
      let (accountEvents, projectEvents) = try decide(account, project)
      if !accountEvents.allSatisfy({ $0.takesAway(from: account) }) || !projectEvents.allSatisfy(\.takesAway) {
        try await changes?.take(accountID)
      }
      let units =
        try Log.units(accountEvents, on: accountStream, after: accountVersion, from: actor.origin)
        + Log.units(projectEvents, on: projectStream, after: projectVersion, from: actor.origin)
      return Prepared(events: projectEvents, units: units, shard: shard)
    }
    return Recorded(shard: shard, position: appended.position)
  }
}
