public import EventLog
public import Foundation
public import Logging
public import Postgres
public import ServiceLifecycle

/// Keeps the read models up to date: the front door of this target.
///
/// The way of an event into a read model:
/// 1. a projection is a folder of SQL (``Projection``); missing ones are created, changed ones built anew beside the live ones and
///    swapped (``Installation``, ``Rebuild``);
/// 2. a wake-up from the log (`recount_appended`), or a look at the checkpoints once a second, puts the lanes that are behind
///    into a queue: a lane is one projection of one shard (``WorkQueue``);
/// 3. a worker takes a lane and moves it by one cut in one transaction (``Step``): take the checkpoint row, which is the lease;
///    see that the next batches follow without a gap; run apply.sql; move the checkpoint;
/// 4. a lane that is still behind goes to the queue's end; one whose events can't be applied is stopped, the others go on;
/// 5. listeners on `recount_projected` are told (``Announcer``).
///
/// Start it as often as you like, on as many machines: what one has leased, the others skip. A crash at any point loses and
/// doubles nothing. When PostgreSQL is away it waits for it, for ever.
public struct Runner: Service {
  let pool: Pool
  let folder: URL
  let archive: ArchiveReader?
  let workers: Int
  let logger: Logger
  let queue = WorkQueue()
  let announcer: Announcer

  /// Connections that the runner needs beyond one for each worker: to listen, and to look, install and announce.
  public static let spareConnections = 2

  /// A runner over a folder of projections. The pool acts as recount_projector and has `workers` +
  /// ``spareConnections`` connections or more.
  ///
  /// A step keeps one core of the database busy, so there is little use for more workers than the database has cores.
  public init(
    pool: Pool, projections folder: URL, archive: ArchiveReader? = nil, workers: Int = 2, logger: Logger
  ) {
    precondition(workers > 0, "a runner of \(workers) workers: at least one is needed")
    self.pool = pool
    self.folder = folder
    self.archive = archive
    self.workers = workers
    self.logger = logger
    announcer = Announcer(pool: pool, logger: logger)
  }

  /// Runs until the task is cancelled or the service group shuts down. Throws ``ProjectionError`` when the folder won't do, and
  /// what the database says when it refuses to create the tables.
  public func run() async throws {
    let projections = try Projection.all(in: folder, archive: archive)
    try await cancelWhenGracefulShutdown {
      do {
        let changed = try await install(projections)
        await work(on: projections, rebuilding: changed)
      } catch is CancellationError {
        logger.debug("the projector stops before it has begun")
      }
    }
  }

  private func work(on projections: [Projection], rebuilding changed: [Projection]) async {
    let named = Dictionary(uniqueKeysWithValues: projections.map { ($0.name, $0) })
    logger.info("projecting", metadata: ["projections": "\(named.keys.sorted().joined(separator: ", "))"])
    await withTaskGroup { group in
      for _ in 0..<workers { group.addTask { await work(named) } }
      group.addTask { await listen(named) }
      group.addTask { await poll(named) }
      group.addTask { await rebuild(changed) }
    }
  }

  /// A database that is away when we start may be about to come.
  private func install(_ projections: [Projection]) async throws -> [Projection] {
    var backoff = Backoff()
    while true {
      do { return try await Installation(pool: pool, projections: projections, logger: logger).run() } catch {
        guard !Task.isCancelled else { throw CancellationError() }
        if case .fault = Failure(error) { throw error }
        logger.warning("can't prepare the read models yet", metadata: ["error": "\(error)"])
        await backoff.wait()
      }
    }
  }

  /// One after another: a rebuild is a batch job, live models come first.
  private func rebuild(_ changed: [Projection]) async {
    for projection in changed {
      var backoff = Backoff()
      while !Task.isCancelled {
        do {
          try await Rebuild(pool: pool, projection: projection, logger: logger).run()
          break
        } catch {
          logger.error(
            "rebuild failed, trying again", metadata: ["projection": "\(projection.name)", "error": "\(error)"])
          await backoff.wait()
        }
      }
    }
  }
}
