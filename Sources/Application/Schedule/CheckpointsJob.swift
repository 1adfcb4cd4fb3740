package import Domain
package import EventLog

/// Signs and publishes what each shard is. Shards that did not move keep the checkpoint they have.
package struct CheckpointsJob: ScheduledJob {
  private let checkpoints: Checkpoints
  private let shards: ShardMap

  /// `checkpoints`
  package let name = "checkpoints"
  /// Ten minutes: how long someone with every right can rewrite what was recorded last before others may hold a copy.
  package let interval = Duration.minutes(10)

  /// For a log, signed with these keys.
  package init(log: Log, keys: SigningKeys) {
    checkpoints = Checkpoints(pool: log.pool, keys: keys)
    shards = log.shards
  }

  /// A shard that can't be signed for must not keep the others from it: the first error is thrown when all have been tried.
  package func run(now: Instant) async throws {
    var failure: (any Error)?
    for shard in shards.all {
      do { try await checkpoints.make(of: [shard], now: now) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }
}
