public import EventLog
import Foundation
public import Logging
public import Postgres
public import ServiceLifecycle

/// Lets reactors follow the log.
///
/// 1. A wake-up from the log, or a look once a second, says that some reactor is behind on some shard;
/// 2. its row in `operations.reactors` is taken, which is the lease: what one process has, the others skip;
/// 3. the events of its types are given to it in order, and its place moves, in one transaction (``ReactorStep``);
/// 4. what can't go on is tried again with back-off, its reason in the row; the other shards go on.
///
/// Start it in every server process. It never reacts to what is older than ``horizon``: a reactor that is new on an old log, or was
/// away for long, tells nobody of what was news last year.
public struct ReactorRunner: Service {
  private let pool: Pool
  private let shards: ShardMap
  private let reactors: [any Reactor]
  private let logger: Logger

  /// Connections that it holds at most: one to listen, one to work.
  public static let connections = 2
  /// How old an event may be and still be reacted to, in seconds: longer than a week-end's outage, shorter than anybody's memory.
  public static let horizon = 3 * 86_400

  /// Over connections of the serving role.
  public init(pool: Pool, shards: ShardMap, reactors: [any Reactor], logger: Logger) {
    self.pool = pool
    self.shards = shards
    self.reactors = reactors
    self.logger = logger
  }

  /// Runs until graceful shutdown.
  public func run() async throws {
    await cancelWhenGracefulShutdown { await follow() }
  }

  private func follow() async {
    // One ring is as good as ten: each look finds all there is.
    let (bell, rings) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup { group in
      group.addTask { await listen(rings) }
      group.addTask { await tick(rings) }
      var rests: [ReactorStep.Lane: Rest] = [:]
      for await _ in bell { await catchUp(&rests) }
      group.cancelAll()
    }
  }

  /// Rings when the log has grown. A lost connection costs wake-ups, which the ticks make up for.
  private func listen(_ rings: AsyncStream<Void>.Continuation) async {
    while !Task.isCancelled {
      do {
        try await pool.withConnection { connection in
          for await _ in try await connection.listen(to: "recount_appended") { rings.yield() }
          // It may still have wake-ups for us, which nobody else should get.
          await connection.close()
        }
      } catch {
        logger.debug("not listening, only polling", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func tick(_ rings: AsyncStream<Void>.Continuation) async {
    while !Task.isCancelled {
      rings.yield()
      try? await Task.sleep(for: .seconds(1))
    }
    rings.finish()
  }

  private func catchUp(_ rests: inout [ReactorStep.Lane: Rest]) async {
    for reactor in reactors {
      do {
        for shard in try await ReactorStep.shardsBehind(reactor, of: shards, on: pool) {
          let lane = ReactorStep.Lane(reactor: reactor.name, shard: shard)
          guard rests[lane]?.isOver ?? true else { continue }
          rests[lane] = await catchUp(ReactorStep(reactor, shard: shard), after: rests[lane])
        }
      } catch {
        logger.debug("could not look how far the reactors are", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Returns how long to let it rest, when it failed.
  private func catchUp(_ step: ReactorStep, after rest: Rest?) async -> Rest? {
    do {
      while try await step.run(on: pool) { try Task.checkCancellation() }
      return nil
    } catch {
      guard !Task.isCancelled else { return nil }
      logger.error(
        "a reactor can't go on, trying again",
        metadata: ["reactor": "\(step.reactor.name)", "shard": "\(step.shard)", "error": "\(error)"])
      try? await step.note(error, on: pool)
      return Rest(after: rest)
    }
  }

  /// From 1 s, doubled up to a minute.
  private struct Rest {
    let length: Duration
    let end: ContinuousClock.Instant

    init(after last: Rest?) {
      length = min(.seconds(60), (last?.length ?? .milliseconds(500)) * 2)
      end = .now + length
    }

    var isOver: Bool { end <= .now }
  }
}
