package import Domain
package import EventLog
package import Foundation

/// Grants an account more than its tier gives, or takes that back.
package struct GrantAccount: Sendable {
  package let log: Log
  package let clock: any WallClock

  /// Over an open log.
  package init(log: Log, clock: any WallClock = SystemClock()) {
    self.log = log
    self.clock = clock
  }

  /// Takes the place of what was granted before. Returns false when there was nothing to take back. Throws `Account.Failure`.
  @discardableResult
  package func callAsFunction(
    _ grant: AccountGrant, to account: UUID, because reason: String, from origin: Origin? = nil
  ) async throws -> Bool {
    let stream = StreamID.account(account, shard: log.shards.shard(of: account))
    let command = Account.Command.grant(grant, because: reason, at: clock.now)
    return try await log.handle(command, by: Account.self, on: stream, from: origin).position != nil
  }
}
