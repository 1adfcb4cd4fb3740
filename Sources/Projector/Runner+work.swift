import Logging
import Postgres

extension Runner {
  /// What one worker does until it is cancelled.
  func work(_ projections: [String: Projection]) async {
    var backoff = Backoff()
    while let (lane, pace) = await queue.next() {
      guard let projection = projections[lane.projection] else { continue }
      var pace = pace
      do {
        let again = try await advance(lane, Step(projection, shard: lane.shard), &pace)
        backoff.reset()
        await queue.finish(lane, pace: pace, again: again)
      } catch {
        let isAway = await handle(error, in: lane, Step(projection, shard: lane.shard), &pace)
        if isAway { await backoff.wait() }
        await queue.finish(lane, pace: pace, again: !pace.isExhausted)
      }
    }
  }

  /// Returns whether there is more to do at once.
  private func advance(_ lane: Lane, _ step: Step, _ pace: inout Pace) async throws -> Bool {
    switch try await step.run(on: pool, most: pace.most) {
    case .moved(let cut):
      await announcer.announce(lane, at: cut.upto)
      pace.succeeded(isBehind: cut.upto < cut.head)
      return cut.upto < cut.head
    case .upToDate:
      pace.succeeded(isBehind: false)
      return false
    // Whoever holds the lease does the work; a stopped or redefined one waits for a person or a rebuild. The poll comes back.
    case .unavailable, .stopped, .redefined:
      pace = Pace()
      return false
    }
  }

  /// Returns whether the database is away.
  private func handle(_ error: any Error, in lane: Lane, _ step: Step, _ pace: inout Pace) async -> Bool {
    guard !Task.isCancelled else { return false }
    let metadata: Logger.Metadata = [
      "projection": "\(lane.projection)", "shard": "\(lane.shard)", "error": "\(error)",
    ]
    switch Failure(error) {
    case .conflict: logger.debug("a step met another transaction, trying again", metadata: metadata)
    case .outage:
      logger.warning("a step lost the database, trying again", metadata: metadata)
      return true
    case .fault:
      pace.failed()
      logger.warning("a step failed", metadata: metadata)
      // A log with a gap will have it the next time, too.
      guard pace.isExhausted || error is Gap else { return false }
      await stop(lane, step, error, metadata)
      pace = Pace()
    }
    return false
  }

  private func stop(_ lane: Lane, _ step: Step, _ error: any Error, _ metadata: Logger.Metadata) async {
    do {
      try await step.stop(on: pool, because: "\(error)")
      logger.error("stopped; see `recount projections`, and resume it when the cause is gone", metadata: metadata)
    } catch {
      logger.warning("could not record that a lane is to stop", metadata: ["error": "\(error)"])
    }
  }
}
