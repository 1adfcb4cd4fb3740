import Postgres

/// Meters of test events for a log of a release that had none: what the log says of them counts, as if it always had.
///
/// Part of the migration's transaction. The heads are locked before the tables change, so that no append is under way whose events would
/// be counted neither here nor by itself; then the whole log is walked, archived months included. Units are
/// looked at, not events: a million events, a thousand to a call, took half a second.
struct TestMeters {
  /// Batches are missing: what was counted would be too little, and stay so.
  struct Gap: Error, Equatable, CustomStringConvertible {
    let shard: Int32
    let after: Int64
    let upto: Int64

    var description: String {
      "shard \(shard) holds no batch between position \(after) and its head at \(upto): restore what is missing (see `recount verify`), "
        + "then migrate again"
    }
  }

  private let archive: ArchiveReader?
  /// Events a step reads, as `recount explain` does.
  private static let step: Int64 = 200_000

  /// Nil where nothing is to be done: in a new database, and in one that meters test events.
  nonisolated(nonsending) init?(over connection: Connection, archive: ArchiveReader?) async throws {
    let isMissing =
      try await connection.query(
        """
        SELECT to_regclass('log.meters') IS NOT NULL AND NOT EXISTS (
          SELECT FROM pg_attribute WHERE attrelid = to_regclass('log.meters') AND attname = 'mode') AS missing
        """
      ).first?.decode("missing", as: Bool.self)
    guard isMissing == true else { return nil }
    self.archive = archive
    // Before the heads: the archiver holds its months while it asks for a head.
    try await ArchiveReader.keepMonths(connection)
    try await connection.query(
      "SELECT count(*) AS n FROM (SELECT FROM log.heads ORDER BY shard FOR UPDATE) AS h", deadline: .seconds(60))
  }

  /// Adds them. Throws ``TestMeters/Gap``, ``ArchiveError``, `PostgresError`.
  nonisolated(nonsending) func add(on connection: Connection) async throws {
    try await connection.query(
      "CREATE TEMPORARY TABLE meter_facts (shard integer, fact log.meter_fact) ON COMMIT DROP")
    for row in try await connection.query("SELECT shard, last_position FROM log.heads ORDER BY shard") {
      try await gather(row.decode("shard"), upto: row.decode("last_position"), connection)
    }
    try await connection.query(
      """
      INSERT INTO log.meters
      SELECT m.*
      FROM log.heads AS h
      CROSS JOIN LATERAL log.fold_meters(
        h.shard, ARRAY(SELECT f.fact FROM pg_temp.meter_facts AS f WHERE f.shard = h.shard)) AS m
      WHERE m.mode = 'test'
      """, deadline: .seconds(600))
    try await connection.query(
      """
      UPDATE log.quotas AS q SET test_quota = l.test_quota
      FROM (
        SELECT DISTINCT ON (f.shard, (f.fact).account_id) f.shard, (f.fact).account_id, (f.fact).test_quota
        FROM pg_temp.meter_facts AS f
        WHERE (f.fact).quota_position > 0
        ORDER BY f.shard, (f.fact).account_id, (f.fact).quota_position DESC
      ) AS l
      WHERE l.shard = q.shard AND l.account_id = q.account_id
      """, deadline: .seconds(600))
  }

  private nonisolated(nonsending) func gather(_ shard: Int32, upto: Int64, _ connection: Connection) async throws {
    var after: Int64 = 0
    while after < upto {
      let reach = try await ArchiveReader.bring(from: archive, connection, shard: Int(shard), after: after)
      let end = try await connection.query(
        "SELECT last_position FROM log.chain_end(\(shard), \(after), \(min(upto, reach ?? upto)), \(Self.step))"
      ).first?.decode("last_position", as: Int64.self)
      guard let end else { throw Gap(shard: shard, after: after, upto: upto) }
      try await connection.query(
        """
        INSERT INTO pg_temp.meter_facts SELECT \(shard), f FROM log.meter_facts(\(shard), \(after), \(end)) AS f
        """, deadline: .seconds(600))
      after = end
    }
    // What was brought along last is of no more use, and other shards would unfold it in vain.
    try await connection.query("SELECT set_config('recount.archived', '', true)")
  }
}
