import Logging
import Postgres

extension Followers {
  /// What one worker does until it is cancelled.
  func work() async {
    var backoff = Backoff()
    while let (lane, pace) = await queue.next() {
      guard let follower = followers[lane.follower] else { continue }
      var pace = pace
      let step = Step(follower, shard: lane.shard)
      do {
        let again = try await advance(step, &pace)
        backoff.reset()
        await queue.finish(lane, pace: pace, next: again ? .atOnce : .whenAsked)
      } catch {
        let next = await handle(error, in: step, &pace)
        if case .outage = Failure(error) { await backoff.wait() }
        await queue.finish(lane, pace: pace, next: next)
      }
    }
  }

  /// Returns whether there is more to do at once.
  private func advance(_ step: Step, _ pace: inout Pace) async throws -> Bool {
    switch try await step.run(on: pool, most: pace.most) {
    case .moved(let cut):
      await step.follower.moved(to: cut)
      pace.succeeded(isBehind: cut.upto < cut.head)
      return cut.upto < cut.head
    case .upToDate:
      pace.succeeded(isBehind: false)
      return false
    // Whoever holds the lease does the work; one that is stopped, or another's, waits for a person or a rebuild. The poll comes back.
    case .unavailable, .stopped, .declined:
      pace = Pace()
      return false
    }
  }

  private func handle(_ error: any Error, in step: Step, _ pace: inout Pace) async -> WorkQueue.Next {
    guard !Task.isCancelled else { return .whenAsked }
    let metadata: Logger.Metadata = [
      "follower": "\(step.follower.name)", "shard": "\(step.shard)", "error": "\(error)",
    ]
    switch Failure(error) {
    case .conflict: logger.debug("a step met another transaction, trying again", metadata: metadata)
    case .outage: logger.warning("a step lost the database, trying again", metadata: metadata)
    case .fault:
      pace.failed()
      logger.warning("a step failed", metadata: metadata)
      return await giveWay(to: error, in: step, &pace, metadata)
    }
    return .atOnce
  }

  private func giveWay(
    to error: any Error, in step: Step, _ pace: inout Pace, _ metadata: Logger.Metadata
  ) async -> WorkQueue.Next {
    guard let patience = step.follower.patience else {
      await note(error, in: step, stopping: false, metadata)
      return .after(pace.rest)
    }
    // A log with a gap will have it the next time, too.
    guard pace.failures >= patience || error is Gap else { return .atOnce }
    await note(error, in: step, stopping: true, metadata)
    logger.error("stopped; see `recount status`, and resume it when the cause is gone", metadata: metadata)
    pace = Pace()
    return .whenAsked
  }

  private func note(_ error: any Error, in step: Step, stopping: Bool, _ metadata: Logger.Metadata) async {
    do { try await step.note(error, stopping: stopping, on: pool) } catch {
      logger.warning("could not note why a step failed", metadata: metadata.merging(["error": "\(error)"]) { $1 })
    }
  }
}
