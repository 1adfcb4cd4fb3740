public import Logging
public import Postgres

/// The append-only log: the front door of this target.
///
/// The way of an append:
/// 1. a caller makes units (``AppendUnit``): events that share type, stream and metadata, with what to decide them by;
/// 2. telemetry of many callers is gathered into one append per shard (``Gatherer``); a domain command appends alone (``Handle``);
/// 3. `log.append()` (`SQL/240_append.sql`) takes the shard's head lock, decides duplicates and quota, writes one hash-chained
///    batch and says for each unit what became of it (``Outcome``);
/// 4. a coalesced NOTIFY wakes the projectors (``Waker``).
///
/// The way of a read: `log.read()` in SQL, for projections and auditors; ``Log/stream(_:)`` for deciders.
public struct Log: Sendable {
  /// Connections under the serving role.
  public let pool: Pool
  /// How many chains there are, fixed when the log was created.
  public let shards: ShardMap
  let waker: Waker

  /// Opens an existing log. Throws ``LogError/notMigrated`` where there is none yet.
  public init(pool: Pool, logger: Logger) async throws {
    self.pool = pool
    self.shards = try await ShardMap(readFrom: pool)
    self.waker = Waker(pool: pool, logger: logger)
  }

  /// Appends units to one shard in one transaction; answers in their order.
  ///
  /// Throws `PostgresError`; one whose `mayHaveCommitted` is true leaves open whether the units are in the log: those with
  /// an id can be appended again without being counted twice.
  public func append(_ units: [AppendUnit], shard: Int) async throws -> [Outcome] {
    let rows = try await pool.query(AppendUnit.query(units, shard: shard))
    let outcomes = try rows.map(Outcome.init(row:))
    await waker.wake(shard: shard)
    return outcomes
  }
}

/// Why the log can't be used as asked.
public enum LogError: Error, Equatable, CustomStringConvertible {
  /// The database holds no log.
  case notMigrated
  /// The log was created with another number of shards.
  case shardsFixed(existing: Int, asked: Int)
  /// A stored event has a type or a shape that this program doesn't know.
  case unreadable(stream: String, position: Int64, reason: String)
  /// A command met newer events again and again.
  case contended(stream: String, attempts: Int)

  /// Says what to do.
  public var description: String {
    switch self {
    case .notMigrated: "this database holds no log: run `recount migrate` first"
    case .shardsFixed(let existing, let asked):
      "the log was created with \(existing) shards, which is fixed for its life; \(asked) was asked for: leave the setting out"
    case .unreadable(let stream, let position, let reason):
      "can't read the event at position \(position) of stream \(stream): \(reason); a newer program may have written it"
    case .contended(let stream, let attempts):
      "stream \(stream) changed under \(attempts) attempts in a row: try again"
    }
  }
}
