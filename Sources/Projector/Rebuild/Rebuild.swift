import EventLog
package import Logging
package import Postgres

/// Builds a read model anew from the log beside the live one, then puts it in its place in one transaction.
///
/// Queries never see it half built: until the swap they read the live tables, which stay as they were. Several processes that
/// rebuild the same projection share the work, and one that died is taken up where it was: the new model has progress of its own.
/// A reader's transaction that began before the swap and first looks at the model after it sees the new one as it was when that
/// transaction began.
package struct Rebuild: Sendable {
  let pool: Pool
  let projection: Projection
  let logger: Logger

  /// A rebuild. The pool acts as recount_projector.
  package init(pool: Pool, projection: Projection, logger: Logger) {
    self.pool = pool
    self.projection = projection
    self.logger = logger
  }

  /// How far along a rebuild is.
  package struct Progress: Sendable {
    /// Events applied, over all shards.
    package var applied: Int64
    /// Events in the log, over all shards.
    package var total: Int64
  }

  /// Rebuilds and swaps. Throws when an event can't be applied: then the live model stays. A shard takes a connection and keeps a core
  /// busy; beside live read models one at a time is enough.
  package func run(shardsAtOnce: Int = 1, progress: (Progress) -> Void = { _ in }) async throws {
    try await begin(shardsAtOnce: shardsAtOnce, progress)
    try await swap()
    try await Installation(pool: pool, projections: [projection], logger: logger).dropLeftover(of: projection)
    logger.info("rebuilt", metadata: ["projection": "\(projection.name)"])
  }

  /// Builds the new model, and leaves it beside the live one: servers of the release that it is of read it there, those of the other the live one.
  package func buildBeside(shardsAtOnce: Int = 1, progress: (Progress) -> Void = { _ in }) async throws {
    try await begin(shardsAtOnce: shardsAtOnce, progress)
  }

  /// Goes on bringing the one beside to where the log is until somebody has swapped it in, or the task is cancelled.
  package func followBeside() async throws {
    while try await isUnderWay() {
      try await build(Self.heads(pool.query(Self.heads)), shardsAtOnce: 1) { _ in }
      try await Task.sleep(for: Self.besidePause)
    }
  }

  /// How often one beside the live one is brought to where the log is.
  private static let besidePause = Duration.milliseconds(250)

  private func begin(shardsAtOnce: Int, _ progress: (Progress) -> Void) async throws {
    // No projector may have run here yet.
    _ = try await Installation(pool: pool, projections: [], logger: logger).run()
    let heads = try await prepare()
    logger.info("rebuilding", metadata: ["projection": "\(projection.name)"])
    try await build(heads, shardsAtOnce: shardsAtOnce, progress)
  }

  /// The projection's name.
  package var name: String { projection.name }

  /// Those that the database has by another definition, or not at all.
  package static func changed(
    _ projections: [Projection], pool: Pool, logger: Logger
  ) async throws -> [Projection] {
    try await Installation(pool: pool, projections: projections, logger: logger).changed()
  }

  /// Brings the new model's shards to where the log is, some at once. All are counted from the first on.
  private func build(
    _ ends: [Int: Int64], shardsAtOnce: Int, _ progress: (Progress) -> Void
  ) async throws {
    var (heads, applied) = (ends, [Int: Int64]())
    var waiting = heads.keys.sorted()[...]
    try await withThrowingTaskGroup(of: (shard: Int, cut: Cut?).self) { group in
      func goOn(_ shard: Int?) {
        guard let shard else { return }
        group.addTask {
          (shard, try await step(Step(ProjectionFollower(projection, schema: projection.nextName), shard: shard)))
        }
      }
      for _ in 0..<max(1, shardsAtOnce) { goOn(waiting.popFirst()) }
      for try await (shard, cut) in group {
        guard let cut else {
          goOn(waiting.popFirst())
          continue
        }
        (applied[shard], heads[shard]) = (cut.upto, cut.head)
        progress(Progress(applied: applied.values.reduce(0, +), total: heads.values.reduce(0, +)))
        goOn(shard)
      }
    }
  }

  /// Creates the new model's tables, or finds those that a rebuild to the same definition left. Returns where each shard ends.
  private func prepare() async throws -> [Int: Int64] {
    try await pool.transaction { connection in
      try await connection.query(Installation.lock)
      let installation = Installation(pool: pool, projections: [], logger: logger)
      if try await !installation.isBegun(projection, connection) {
        try await installation.create(projection, as: projection.nextName, connection)
      }
      return try Self.heads(await connection.query(Self.heads))
    }
  }

  private static let heads: Query = "SELECT shard, last_position FROM log.heads"

  private static func heads(_ rows: Rows) throws -> [Int: Int64] {
    try Dictionary(
      uniqueKeysWithValues: rows.map {
        (try $0.decode("shard", as: Int.self), try $0.decode("last_position", as: Int64.self))
      })
  }

  /// Nil when the shard is up to date, or another process has swapped already.
  private func step(_ step: Step) async throws -> Cut? {
    while true {
      do {
        switch try await step.run(on: pool) {
        case .moved(let cut): return cut
        case .unavailable where try await isUnderWay(): try await Task.sleep(for: Self.pause)
        default: return nil
        }
      } catch {
        guard case .conflict = Failure(error) else { throw error }
      }
    }
  }

  /// How often to look whether another process has finished the cut that it is at.
  private static let pause = Duration.milliseconds(20)

  private func isUnderWay() async throws -> Bool {
    try await !pool.query("SELECT FROM projector.progress WHERE projection = \(projection.nextName)").isEmpty
  }
}
