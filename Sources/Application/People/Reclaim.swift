import Domain
import EventLog
import Foundation
import Postgres

/// What was done in a person's name before they had shown to read the mail of their address may be a stranger's doing, who signed up
/// with it: members whom they invited, and whom those did, leave, invitations of theirs are withdrawn, and keys and shared links of theirs revoked.
/// What an operator did stays. Can be repeated.
struct Reclaim: Sendable {
  let people: People

  func callAsFunction(_ user: UUID, from client: Client) async throws {
    let origin = try await people.origin(client, user)
    let personal = PersonalAccount.id(for: user)
    for account in try await accounts(of: user).union([personal]) {
      try await reclaim(account, by: user, whole: account == personal, from: origin)
    }
  }

  /// Those that the read model knows of; none where it has not been built yet: nothing keeps a person from their link.
  private func accounts(of user: UUID) async throws -> Set<UUID> {
    do {
      return try await people.questions.memberships(of: user)
    } catch let error as PostgresError where error.isOfAbsentReadModel {
      return []
    }
  }

  private func reclaim(_ id: UUID, by user: UUID, whole: Bool, from origin: Origin) async throws {
    let shard = people.log.shards.shard(of: id)
    let stream = StreamID.account(id, shard: shard)
    // Before anybody is removed: it is by the members that keys are told.
    let account = try await people.log.load(Account.self, from: stream).state
    let followers = account.followers(of: user, whole: whole)
    try await people.log.handle(.reclaim(by: user, whole: whole), by: Account.self, on: stream, from: origin)
    for project in account.everyProject {
      try await revoke(whatIsOf: .project(project, of: id, shard: shard), madeBy: followers, from: origin)
    }
  }

  private func revoke(whatIsOf stream: StreamID, madeBy people: Set<UUID>, from origin: Origin) async throws {
    let commands = try await commands(against: stream, madeBy: people)
    guard !commands.isEmpty else { return }
    try await self.people.log.handle(Project.self, on: stream, from: origin) { project in
      try commands.flatMap { try project.decide($0) }
    }
  }

  /// What revokes the keys and the shared links of a project that some people made.
  private func commands(against stream: StreamID, madeBy people: Set<UUID>) async throws -> [Project.Command] {
    let rows = try await self.people.log.pool.query(
      "SELECT type, id, actor_id FROM operations.given_out(\(Int32(stream.shard)), \(stream.name))")
    return try rows.filter { row in
      try row.decode("actor_id", as: UUID?.self).map(people.contains) ?? false
    }.map { row in
      let id = try row.decode("id", as: UUID.self)
      return try row.decode("type", as: String.self) == LinkShared.kind.type ? .revokeLink(id) : .revokeKey(id)
    }
  }
}
