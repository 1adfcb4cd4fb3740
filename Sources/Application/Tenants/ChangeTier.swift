package import Domain
package import EventLog
package import Foundation

/// Changes what an account pays for.
package struct ChangeTier: Sendable {
  package let log: Log
  let clock: any WallClock

  /// Over an open log.
  package init(log: Log, clock: any WallClock = SystemClock()) {
    self.log = log
    self.clock = clock
  }

  /// More counts at once, less from the next month on. Returns false when all was so already. Throws `Account.Failure`.
  @discardableResult
  package func callAsFunction(_ account: UUID, to tier: Tier, from origin: Origin? = nil) async throws -> Bool {
    let stream = StreamID.account(account, shard: log.shards.shard(of: account))
    let command = Account.Command.changeTier(tier, because: .operator, at: clock.now)
    return try await log.handle(command, by: Account.self, on: stream, from: origin).position != nil
  }
}
