import Domain
import EventLog
import Foundation

/// What a member does to an account. Right and rules are decided on one state of it.
struct AccountCommands: Sendable {
  let log: Log
  let changes: ChangeLimit

  /// Decides a command, and the right to it: what right that takes may depend on the state.
  @discardableResult
  func handle(
    _ command: Account.Command, on id: UUID, by actor: Actor, needing action: @Sendable (Account) -> Action
  ) async throws -> Recorded {
    let stream = EventLog.Stream.account(id, shard: log.shards.shard(of: id))
    let appended = try await log.handle(on: stream.name) {
      let (account, version) = try await log.load(Account.self, from: stream)
      try Access.check(action(account), on: account, id, of: actor.userID)
      let events = try account.decide(command)
      if !events.allSatisfy({ $0.takesAway(from: account) }) { try await changes.take(id) }
      let units = try Log.units(events, on: stream, after: version, from: actor.origin)
      return Prepared(events: events, units: units, shard: stream.shard)
    }
    return Recorded(shard: stream.shard, position: appended.position)
  }

  /// A member's role, or that they are one no more. To leave takes no right but to be there.
  @discardableResult
  func change(_ member: UUID, to role: Account.Role?, in id: UUID, by actor: Actor) async throws -> Recorded {
    let command = role.map { Account.Command.changeRole(of: member, to: $0) } ?? .removeMember(member)
    return try await handle(command, on: id, by: actor) { account in
      role == nil && member == actor.userID
        ? .leave : Permissions.action(toChange: account.members[member], to: role)
    }
  }

  /// The person invited joins; they have no role yet that could give a right: the token is the right.
  func accept(_ token: MailToken, by actor: Actor, at now: Int64) async throws -> Account.Role? {
    let stream = EventLog.Stream.account(token.owner, shard: log.shards.shard(of: token.owner))
    let command = Account.Command.accept(invitation: token.id, tokenHash: token.hash, by: actor.userID, at: now)
    try await log.handle(command, by: Account.self, on: stream, from: actor.origin)
    return try await log.load(Account.self, from: stream).state.members[actor.userID]
  }
}

/// Where what a command led to ends in the log; position nil when everything was so already.
struct Recorded: Sendable {
  let shard: Int
  let position: Int64?
}
