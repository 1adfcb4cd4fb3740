public import Domain
public import EventLog
public import Foundation

/// Changes what an account pays for.
public struct ChangeTier: Sendable {
  let log: Log

  /// Over an open log.
  public init(log: Log) { self.log = log }

  /// The quota follows at once, up and down. Returns false when all was so already. Throws `Account.Failure`.
  @discardableResult
  public func callAsFunction(_ account: UUID, to tier: Tier, from origin: Origin? = nil) async throws -> Bool {
    let stream = EventLog.Stream.account(account, shard: log.shards.shard(of: account))
    return try await log.handle(.changeTier(tier), by: Account.self, on: stream, from: origin).position != nil
  }
}
