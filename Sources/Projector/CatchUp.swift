package import EventLog
package import Foundation
package import Logging
package import Postgres

/// Brings read models up to where the log is now, whether a projector runs or not: for verbs that want to read what they wrote.
package struct CatchUp: Sendable {
  private let pool: Pool
  private let folder: URL
  private let archive: ArchiveReader?
  private let logger: Logger

  /// Over a folder of projections. The pool acts as recount_projector.
  package init(pool: Pool, projections folder: URL, archive: ArchiveReader? = nil, logger: Logger) {
    self.pool = pool
    self.folder = folder
    self.archive = archive
    self.logger = logger
  }

  /// How often to look whether somebody else who holds a lease has come far enough.
  private static let patience = Duration.milliseconds(20)

  /// Returns when these projections (nil: all) of these shards (nil: all) know every event that was in the log when it was called.
  /// Missing ones are created first, changed ones rebuilt. Throws ``CatchUpError``, ``ProjectionError`` or `PostgresError`.
  package func run(only names: [String]? = nil, shards: [Int]? = nil, deadline: Duration? = nil) async throws {
    let end = deadline.map { ContinuousClock.now + $0 }
    let all = try Projection.all(in: folder, archive: archive)
    for name in names ?? [] where !all.contains(where: { $0.name == name }) {
      throw ProjectionError.unknown(name, known: all.map(\.name))
    }
    let wanted = all.filter { names?.contains($0.name) ?? true }
    for changed in try await Installation(pool: pool, projections: wanted, logger: logger).run() {
      try await Rebuild(pool: pool, projection: changed, logger: logger).run()
    }
    for (shard, head) in try await heads() where shards?.contains(shard) ?? true {
      for projection in wanted { try await advance(projection, shard, to: head, until: end) }
    }
  }

  private func heads() async throws -> [(shard: Int, position: Int64)] {
    try await pool.query("SELECT shard, last_position FROM log.heads ORDER BY shard")
      .map { (try $0.decode("shard"), try $0.decode("last_position")) }
  }

  private func advance(
    _ projection: Projection, _ shard: Int, to head: Int64, until end: ContinuousClock.Instant?
  ) async throws {
    let step = Step(ProjectionFollower(projection), shard: shard)
    while true {
      let position = try await position(of: projection, shard)
      guard position < head else { return }
      if let end, ContinuousClock.now >= end {
        throw CatchUpError.late(projection: projection.name, shard: shard, position: position, head)
      }
      do {
        switch try await step.run(on: pool) {
        case .moved, .upToDate: break
        case .unavailable, .declined: try await Task.sleep(for: Self.patience)
        case .stopped(let reason):
          throw CatchUpError.stopped(projection: projection.name, shard: shard, reason: reason)
        }
      } catch {
        guard case .conflict = Failure(error) else { throw error }
      }
    }
  }

  private func position(of projection: Projection, _ shard: Int) async throws -> Int64 {
    try await pool.query(
      """
      SELECT position FROM projector.progress
      WHERE projection = \(projection.name) AND shard = \(Int32(shard))
      """
    ).first?.decode("position") ?? 0
  }
}

/// Why a read model is not where it should be.
package enum CatchUpError: Error, Equatable, CustomStringConvertible {
  /// It was stopped, since an event could not be applied.
  case stopped(projection: String, shard: Int, reason: String)
  /// It did not get there in time.
  case late(projection: String, shard: Int, position: Int64, _ head: Int64)

  /// Says what to do.
  package var description: String {
    switch self {
    case .stopped(let projection, let shard, let reason):
      "read model \(projection) of shard \(shard) is stopped: \(reason); when the cause is gone, `recount projections resume`"
    case .late(let projection, let shard, let position, let head):
      "read model \(projection) of shard \(shard) is at position \(position) of \(head): it will follow, try again"
    }
  }
}
