package import Domain
package import EventLog
package import Foundation

/// What a member does to an account. Right and rules are decided on one state of it.
package struct AccountCommands: Sendable {
  package let log: Log
  package let changes: ChangeLimit

  package init(log: Log, changes: ChangeLimit) {
    self.log = log
    self.changes = changes
  }

  /// Decides a command, and the right to it: what right that takes may depend on the state.
  @discardableResult
  package func handle(
    _ command: Account.Command, on id: UUID, by actor: Actor, needing action: @Sendable (Account) -> Action
  ) async throws -> Recorded {
    let stream = StreamID.account(id, shard: log.shards.shard(of: id))
    let appended = try await log.handle(Account.self, on: stream, from: actor.origin) { account in
      try Access.check(action(account), on: account, id, of: actor.userID)
      let events = try account.decide(command)
      if !events.allSatisfy({ $0.takesAway(from: account) }) { try await changes.take(id) }
      return events
    }
    return Recorded(shard: stream.shard, position: appended.position)
  }

  /// A member's role, or that they are one no more. To leave takes no right but to be there.
  @discardableResult
  package func change(_ member: UUID, to role: Account.Role?, in id: UUID, by actor: Actor) async throws -> Recorded {
    let command = role.map { Account.Command.changeRole(of: member, to: $0) } ?? .removeMember(member)
    return try await handle(command, on: id, by: actor) { account in
      role == nil && member == actor.userID
        ? .leave : Permissions.action(toChange: account.members[member], to: role)
    }
  }
}

/// Where what a command led to ends in the log; position nil when everything was so already.
package struct Recorded: Sendable {
  package let shard: Int
  package let position: Int64?

  package init(shard: Int, position: Int64?) {
    self.shard = shard
    self.position = position
  }
}
