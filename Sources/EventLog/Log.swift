package import Logging
package import Postgres

/// The append-only log: the front door of this target.
///
/// The way of an append:
/// 1. a caller makes units (``AppendUnit``): events that share type, stream and metadata, with what to decide them by;
/// 2. telemetry of many callers is gathered into one append per shard (``Gatherer``); a domain command appends alone (``Handle``);
/// 3. `log.append()` (`SQL/objects/append/append.sql`) takes the shard's head lock, decides duplicates and quota, writes one hash-chained
///    batch and says for each unit what became of it (``UnitOutcome``); what it accepts nothing of is tallied (``IntakeTallies``);
/// 4. the commit is flushed to disk together with those of other shards and callers (``Flusher``), and only then acknowledged;
/// 5. a coalesced NOTIFY wakes who follows the log (``Notifier``, ``Followers``).
///
/// The way of a read: `log.read()` in SQL, for projections and auditors; ``Log/stream(_:)`` for deciders.
package struct Log: Sendable {
  /// Connections under the serving role, by what they are for.
  package let pools: Pools
  /// Those that this log's questions go over: the general ones, unless it was told otherwise.
  package private(set) var pool: Pool
  /// How many chains there are, fixed when the log was created.
  package let shards: ShardMap
  /// What this process was sent and the log does not say yet.
  package let tallies = IntakeTallies()
  /// Which keys read here and the log does not say yet.
  package let keyUses = KeyUses()
  /// Connections that append with synchronous_commit off; what they commit is acknowledged after a flush.
  private let appenders: Pool
  /// A connection for flushes alone: no slow question may hold up what is to be acknowledged.
  private let flushing: Pool
  private let flusher: Flusher
  let states = StreamStates()
  private let wakeUps: Notifier
  /// Where whoever works on the log says what went wrong.
  package let logger: Logger

  /// The same over one pool. Throws ``LogError/notMigrated`` where there is none yet.
  package init(pool: Pool, settings: ConnectionSettings, logger: Logger) async throws {
    try await self.init(pools: Pools(all: pool), settings: settings, logger: logger)
  }

  /// Opens an existing log. Throws ``LogError/notMigrated`` where there is none yet.
  package init(pools: Pools, settings: ConnectionSettings, logger: Logger) async throws {
    self.pools = pools
    self.logger = logger
    let pool = pools.general
    self.pool = pool
    shards = try await ShardMap(readFrom: pool)
    var unflushed = settings
    unflushed.parameters["options"] = "-c synchronous_commit=off"
    appenders = Pool(unflushed, size: shards.count, logger: logger)
    flushing = Pool(settings, size: 1, logger: logger)
    flusher = Flusher(pool: flushing)
    wakeUps = Notifier(.appended, pool: pool, logger: logger)
  }

  /// The same log, whose questions go over another pool.
  package func over(_ pool: Pool) -> Log {
    var log = self
    log.pool = pool
    return log
  }

  /// Writes what is tallied and noted and gives its connections back.
  package func close() async {
    do { try await writeTallies() } catch {
      logger.warning("the last tally of what was not accepted is lost", metadata: ["error": "\(error)"])
    }
    do { try await writeKeyUses() } catch {
      logger.warning("which keys read last is lost", metadata: ["error": "\(error)"])
    }
    await appenders.close()
    await flushing.close()
    await pools.close()
  }

  /// Appends units to one shard in one transaction; answers in their order.
  ///
  /// Throws `PostgresError`; one whose `mayHaveCommitted` is true leaves open whether the units are in the log: those with
  /// an id can be appended again without being counted twice.
  package func append(_ units: [AppendUnit], shard: Int) async throws -> [UnitOutcome] {
    let pending = try await appendUnflushed(units, shard: shard)
    try await flush()
    return pending
  }

  /// The same, committed but not durable yet: not to be acknowledged before ``flush()`` has returned.
  func appendUnflushed(_ units: [AppendUnit], shard: Int) async throws -> [UnitOutcome] {
    let call = AppendCall(units, shard: shard)
    let rows: Rows
    do { rows = try await appenders.query(call.query) } catch let error as PostgresError where error.isOfMigration {
      rows = try await appenders.query(call.query)
    }
    await wakeUps.tell(String(shard), of: String(shard))
    let outcomes = try call.outcomes(rows)
    tallies.note(units, outcomes)
    return outcomes
  }

  /// Returns when everything appended before is durable.
  func flush() async throws { try await flusher.flush() }
}

extension PostgresError {
  /// The log was migrated while a call waited for its turn, which went on in the body that it began in and named what is no more: undefined
  /// column, undefined function. It recorded nothing, and the next one finds all as it is now.
  fileprivate var isOfMigration: Bool { sqlState == "42703" || sqlState == "42883" }
}

/// Why the log can't be used as asked.
package enum LogError: Error, Equatable, CustomStringConvertible {
  /// The database holds no log.
  case notMigrated
  /// The log was created with another number of shards.
  case shardsFixed(existing: Int, asked: Int)
  /// A stored event has a type or a shape that this program doesn't know.
  case unreadable(stream: String, position: Int64, reason: String)
  /// A void reaches into months that have left the database.
  case archived(month: String)
  /// A command met newer events again and again.
  case contended(stream: String, attempts: Int)

  /// Says what to do.
  package var description: String {
    switch self {
    case .notMigrated: "this database holds no log: run `recount migrate` first"
    case .shardsFixed(let existing, let asked):
      "the log was created with \(existing) shards, which is fixed for its life; \(asked) was asked for: leave the setting out"
    case .unreadable(let stream, let position, let reason):
      "can't read the event at position \(position) of stream \(stream): \(reason); a newer program may have written it"
    case .archived(let month):
      "the log is archived up to \(month), whose numbers stay as they are: void requests served two days or more after that month"
    case .contended(let stream, let attempts):
      "stream \(stream) changed under \(attempts) attempts in a row: try again"
    }
  }
}
