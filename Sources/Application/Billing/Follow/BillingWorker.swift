import Domain
import Logging
import Postgres
import ServiceLifecycle

/// Says what follows from Stripe's facts, for one due account after the other.
///
/// Start it in every server process: each account is taken by one of them. Who dies with one loses nothing: it is due again when the lease ends, and
/// nothing is said twice (``FollowBilling``).
package struct BillingWorker: Service {
  private let queue: BillingQueue
  private let follow: FollowBilling
  private let counts: StripeDoorCounts
  private let pool: Pool
  private let clock: any WallClock
  private let logger: Logger

  /// Accounts under way at a time, and connections that it holds at most.
  package static let parallel = 2

  init(pool: Pool, follow: FollowBilling, counts: StripeDoorCounts, clock: any WallClock, logger: Logger) {
    queue = BillingQueue(pool: pool)
    self.pool = pool
    self.follow = follow
    self.counts = counts
    self.clock = clock
    self.logger = logger
  }

  /// Runs until graceful shutdown.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        group.addTask { await lookAtOtherSides() }
        for _ in 0..<Self.parallel { group.addTask { await work() } }
        group.addTask { await writeCounts() }
      }
    }
    await counts.write(to: pool, logger: logger)
  }

  /// What was bought under a key that was set before entitles no more: nothing that comes from Stripe would make those accounts due.
  private func lookAtOtherSides() async {
    do {
      for account in try await follow.accountsOfOtherSides() { try await queue.note(account, at: clock.now) }
    } catch {
      logger.warning("what was bought on another side was not looked at", metadata: ["error": "\(error)"])
    }
  }

  /// Who pays is served a second later.
  private static let pollInterval = Duration.milliseconds(300)

  private func work() async {
    while !Task.isCancelled {
      do {
        var begin = ContinuousClock.now
        while !Task.isCancelled, try await step() {
          // As long as it took: while there is much to follow, half of the database's time is others'.
          let end = ContinuousClock.now
          try await Task.sleep(for: min(end - begin, Self.pollInterval))
          begin = .now
        }
      } catch {
        if !Task.isCancelled {
          logger.warning("could not look what follows from Stripe's facts", metadata: ["error": "\(error)"])
        }
      }
      try? await Task.sleep(for: Self.pollInterval)
    }
  }

  /// Does one account; false when none is due.
  package func step() async throws -> Bool {
    guard let due = try await queue.take(at: clock.now) else { return false }
    do {
      let next = try await follow(due.account)
      try await queue.finish(due, next: next)
    } catch {
      guard !Task.isCancelled else { throw error }
      logger.warning(
        "what follows from Stripe's facts was not said, trying again",
        metadata: ["account": "\(due.account)", "error": "\(error)"])
      if let failure = error as? StripeFailure { try await follow.tell(failure, of: due.account) }
      try await queue.putOff(due, until: clock.now + Self.pause(after: due.attempts), because: "\(error)")
    }
    return true
  }

  /// Two seconds, doubled up to ten minutes.
  private static func pause(after attempts: Int) -> Duration { .seconds(min(600, 1 << min(attempts, 10))) }

  private func writeCounts() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(30))
      await counts.write(to: pool, logger: logger)
    }
  }
}
