package import Domain
import Logging
import Postgres

extension TestLog {
  /// Runs `body`, then tells the log that what it appended was recorded from a time on, a second for each batch: times, chain and
  /// heads are what they would have been. Months in the past can't be had otherwise, since an append goes by the database's clock. To
  /// be called with later and later times.
  package func recorded(at time: Instant, _ body: () async throws -> Void) async throws {
    let before = try await heads()
    try await body()
    let owner = try await Connection.connect(database.settings, logger: Logger(label: "owner"))
    try await owner.execute(script: Self.retelling)
    for (shard, position) in before {
      try await owner.query("SELECT pg_temp.retell(\(Int32(shard)), \(position), \(time))")
    }
    await owner.close()
  }

  private func heads() async throws -> [(shard: Int, position: Int64)] {
    try await owner.query("SELECT shard, last_position FROM log.heads").map {
      (try $0.decode("shard"), try $0.decode("last_position"))
    }
  }

  private static let retelling = """
    CREATE OR REPLACE FUNCTION pg_temp.retell(shard integer, after bigint, at timestamptz) RETURNS void
    LANGUAGE plpgsql
    AS $$
    DECLARE
      batch log.batches%ROWTYPE;
      link bytea := (SELECT b.hash FROM log.chain_before(retell.shard, retell.after + 1) AS b);
      place timestamptz := retell.at;
    BEGIN
      PERFORM log.ensure_partitions((retell.at AT TIME ZONE 'UTC')::date);
      FOR batch IN
        SELECT b.* FROM log.batches AS b
        WHERE b.shard = retell.shard AND b.last_position > retell.after ORDER BY b.last_position
      LOOP
        link := log.batch_hash(link, batch.shard, batch.first_position, batch.last_position, place, batch.events::text);
        UPDATE log.batches AS b SET recorded_at = place, hash = link
        WHERE b.shard = batch.shard AND b.last_position = batch.last_position;
        UPDATE log.heads AS h SET last_hash = link, recorded_at = place WHERE h.shard = batch.shard;
        place := place + interval '1 second';
      END LOOP;
      -- A quota that was set in the past holds for the months from then on.
      UPDATE log.meters AS m SET quota = r.quota
      FROM log.heads AS h, log.recount_meters(h.shard, h.last_position) AS r
      WHERE h.shard = retell.shard AND (m.shard, m.account_id, m.month, m.mode) = (r.shard, r.account_id, r.month, r.mode)
        AND m.quota <> r.quota;
    END
    $$;
    """
}
