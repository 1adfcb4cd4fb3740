package import Logging
package import Postgres
import ServiceLifecycle

/// Lets followers follow the log: the one way in which anybody does, read models and reactors alike.
///
/// 1. A wake-up from the log (``Topic/appended``), or a look at everybody's progress once a second, puts the lanes that are behind into a
///    queue: a lane is one follower on one shard (``WorkQueue``);
/// 2. a worker takes a lane and moves it by one cut in one transaction (``Step``): take the progress's row, which is the lease; see
///    that the next batches follow without a gap (``Cut``); let the follower do its work; move the progress;
/// 3. a lane that is still behind goes to the queue's end. One that fails is tried again batch by batch; then it is stopped, or rests
///    longer and longer, as its follower wants it (``Follower/patience``). The others go on.
///
/// Start it in as many processes as you like, on as many machines: what one has leased, the others skip. A crash at any point loses and
/// doubles nothing. When PostgreSQL is away it waits for it, for ever.
package struct Followers: Service {
  let pool: Pool
  let followers: [String: any Follower]
  let listening: ListeningConnection
  let workers: Int
  let logger: Logger
  let queue = WorkQueue()

  /// Connections that it needs beyond one for each worker: to look how far everybody is.
  package static let spareConnections = 1

  /// Of followers each with a name of its own.
  ///
  /// - Parameters:
  ///   - pool: acts as who may move their progress; `workers` + ``spareConnections`` connections or more.
  ///   - listening: brings the wake-ups; somebody else runs it.
  package init(
    _ followers: [any Follower], pool: Pool, listening: ListeningConnection, workers: Int = 1, logger: Logger
  ) {
    precondition(workers > 0, "\(workers) workers: at least one is needed")
    self.pool = pool
    self.followers = Dictionary(uniqueKeysWithValues: followers.map { ($0.name, $0) })
    self.listening = listening
    self.workers = workers
    self.logger = logger
  }

  /// Runs until the task is cancelled or the service group shuts down.
  package func run() async {
    await cancelWhenGracefulShutdown {
      for follower in followers.values { await begin(follower) }
      await withTaskGroup { group in
        for _ in 0..<workers { group.addTask { await work() } }
        group.addTask { await listen() }
        group.addTask { await poll() }
      }
    }
  }

  /// A database that is away when we start may be about to come.
  private func begin(_ follower: any Follower) async {
    var backoff = Backoff()
    while !Task.isCancelled {
      do { return try await follower.begin(on: pool) } catch {
        logger.warning(
          "can't begin yet", metadata: ["follower": "\(follower.name)", "error": "\(error)"])
        await backoff.wait()
      }
    }
  }
}
