package import EventLog
package import Foundation
package import Logging
package import Postgres
import ServiceLifecycle

/// Keeps the read models up to date: the front door of this target.
///
/// The way of an event into a read model:
/// 1. a projection is a folder of SQL (``Projection``); missing ones are created, changed ones built anew beside the live ones and
///    swapped (``Installation``, ``Rebuild``);
/// 2. each follows the log (``ProjectionFollower``, `Followers`), cut by cut: run apply.sql, move the progress, in one transaction.
///    One whose events can't be applied is stopped on that shard, the others go on;
/// 3. whoever waits for a read model is told that it has moved (`Topic.projected`).
///
/// Start it as often as you like, on as many machines. When PostgreSQL is away it waits for it, for ever.
package struct Runner: Service {
  private let pool: Pool
  private let folder: URL
  private let archive: ArchiveReader?
  private let listening: ListeningConnection
  private let workers: Int
  private let logger: Logger

  /// Connections that the runner needs beyond one for each worker: to look, and to install and announce.
  package static let spareConnections = Followers.spareConnections

  /// A runner over a folder of projections. The pool acts as recount_projector and has `workers` +
  /// ``spareConnections`` connections or more. Somebody else runs what it is woken by.
  ///
  /// A step keeps one core of the database busy, so there is little use for more workers than the database has cores.
  package init(
    pool: Pool, projections folder: URL, archive: ArchiveReader? = nil, listening: ListeningConnection,
    workers: Int = 2, logger: Logger
  ) {
    self.pool = pool
    self.folder = folder
    self.archive = archive
    self.listening = listening
    self.workers = workers
    self.logger = logger
  }

  /// Runs until the task is cancelled or the service group shuts down. Throws ``ProjectionError`` when the folder won't do, and
  /// what the database says when it refuses to create the tables.
  package func run() async throws {
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
    logger.info("projecting", metadata: ["projections": "\(projections.map(\.name).joined(separator: ", "))"])
    let announcer = Notifier(.projected, pool: pool, logger: logger)
    let followers = Followers(
      projections.map { ProjectionFollower($0, announcer: announcer) }, pool: pool, listening: listening,
      workers: workers, logger: logger)
    await withTaskGroup { group in
      group.addTask { await followers.run() }
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
