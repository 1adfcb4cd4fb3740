import Postgres

/// Brings the meters of an older release's log to what this one's hold. What the log says of test events counts, as if it always had, where
/// they had no meters; and of which quotas a crossing was recorded is read from the crossings.
///
/// Part of the migration's transaction. The heads are locked before the tables change, so that no append is under way whose events would
/// be counted neither here nor by itself; then the whole log is walked, archived months included. Units are
/// looked at, not events: a million events, a thousand to a call, took half a second.
struct OldMeters {
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
  /// Whether test events had no meters.
  private let lackTestEvents: Bool
  /// Events a step reads, as `recount explain` does.
  private static let step: Int64 = 200_000

  /// Nil where nothing is to be done: in a new database, and in one that has all that this release's has.
  nonisolated(nonsending) init?(over connection: Connection, archive: ArchiveReader?) async throws {
    let columns = try await connection.query(
      "SELECT attname::text AS name FROM pg_attribute WHERE attrelid = to_regclass('log.meters') AND NOT attisdropped"
    ).map { try $0.decode("name", as: String.self) }
    guard !columns.isEmpty, !columns.contains("threshold_quotas") else { return nil }
    lackTestEvents = !columns.contains("mode")
    self.archive = archive
    // Before the heads: the archiver holds its months while it asks for a head.
    try await ArchiveReader.keepMonths(connection)
    try await connection.query(
      "SELECT count(*) AS n FROM (SELECT FROM log.heads ORDER BY shard FOR UPDATE) AS h", deadline: .seconds(60))
  }

  /// Adds them. Throws ``OldMeters/Gap``, ``ArchiveError``, `PostgresError`.
  nonisolated(nonsending) func add(on connection: Connection) async throws {
    try await connection.query(
      "CREATE TEMPORARY TABLE meter_facts (shard integer, fact log.meter_fact) ON COMMIT DROP")
    for row in try await connection.query("SELECT shard, last_position FROM log.heads ORDER BY shard") {
      try await gather(row.decode("shard"), upto: row.decode("last_position"), connection)
    }
    try await connection.query(
      """
      CREATE TEMPORARY TABLE folded_meters ON COMMIT DROP AS
      SELECT m.*
      FROM log.heads AS h
      CROSS JOIN LATERAL log.fold_meters(
        h.shard, ARRAY(SELECT f.fact FROM pg_temp.meter_facts AS f WHERE f.shard = h.shard)) AS m
      """, deadline: .seconds(600))
    if lackTestEvents { try await addTestEvents(connection) }
    try await connection.query(
      """
      UPDATE log.meters AS m SET threshold_quotas = l.threshold_quotas, exceeded_quotas = l.exceeded_quotas
      FROM pg_temp.folded_meters AS l
      WHERE m.shard = l.shard AND m.account_id = l.account_id AND m.month = l.month AND m.mode = l.mode
        AND (l.threshold_quotas <> '{}' OR l.exceeded_quotas <> '{}')
      """, deadline: .seconds(600))
  }

  private nonisolated(nonsending) func addTestEvents(_ connection: Connection) async throws {
    try await connection.query(
      """
      INSERT INTO log.meters (shard, account_id, month, used, quota, refused, mode)
      SELECT m.shard, m.account_id, m.month, m.used, m.quota, m.refused, m.mode
      FROM pg_temp.folded_meters AS m
      WHERE m.mode = 'test'
      """, deadline: .seconds(600))
    try await connection.query(
      """
      UPDATE log.quotas AS q SET terms = l.terms
      FROM (
        SELECT f.shard, (f.fact).account_id, jsonb_object_agg(t.key, t.value ORDER BY (f.fact).quota_position) AS terms
        FROM pg_temp.meter_facts AS f
        CROSS JOIN LATERAL jsonb_each((f.fact).terms) AS t
        GROUP BY f.shard, (f.fact).account_id
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
