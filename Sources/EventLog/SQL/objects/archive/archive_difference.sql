-- What differs between a month in the database and the files said to hold it, in words; NULL when they are the same. `files` are the
-- manifest's entries (Sources/EventLog/Archive/Manifest.swift). Each frame's end is held against the batch there: whoever has
-- verified that a file's batches hash up to those ends, has proven the file whole.
CREATE OR REPLACE FUNCTION log.archive_difference(month date, files jsonb)
RETURNS text
LANGUAGE sql
STABLE
AS $$
  WITH files AS (
    SELECT f.*
    FROM jsonb_to_recordset(archive_difference.files) AS f (
      shard integer, first_position bigint, last_position bigint, batches bigint, hash_before text, last_hash text,
      recorded_from_us bigint, recorded_to_us bigint, bytes bigint, frames jsonb)
  ), frames AS (
    SELECT f.shard, r.*,
      lag(r.last_position, 1, f.first_position - 1) OVER w AS previous_end,
      lag(r.start + r.bytes, 1, 0::bigint) OVER w AS due_start
    FROM files AS f
    CROSS JOIN LATERAL jsonb_to_recordset(f.frames) AS r (
      start bigint, bytes bigint, first_position bigint, last_position bigint, last_hash text, recorded_to_us bigint)
    WINDOW w AS (PARTITION BY f.shard ORDER BY r.last_position)
  ), differences AS (
    SELECT coalesce(f.shard, m.shard) AS shard, 0::bigint AS place, CASE
      WHEN f.shard IS NULL THEN 'the database holds this shard, the archive does not'
      WHEN m.shard IS NULL THEN 'the archive holds this shard, the database does not'
      WHEN (f.first_position, f.last_position, f.batches) IS DISTINCT FROM (m.first_position, m.last_position, m.batches)
        THEN format('the database holds positions %s to %s in %s batches, the archive %s to %s in %s',
          m.first_position, m.last_position, m.batches, f.first_position, f.last_position, f.batches)
      WHEN (f.recorded_from_us, f.recorded_to_us) IS DISTINCT FROM (
        (extract(epoch FROM m.recorded_from) * 1000000)::bigint, (extract(epoch FROM m.recorded_to) * 1000000)::bigint)
        THEN 'the times of the first and the last batch differ'
      WHEN (f.first_position - 1, f.hash_before) IS DISTINCT FROM (
        SELECT (b.last_position, encode(b.hash, 'hex')) FROM log.chain_before(f.shard, f.first_position) AS b)
        THEN 'the archive does not hang on the batch before its first'
    END AS reason
    FROM files AS f
    FULL JOIN log.month_shards(archive_difference.month) AS m ON m.shard = f.shard
    UNION ALL
    SELECT r.shard, r.last_position, CASE
      WHEN r.first_position <> r.previous_end + 1 OR r.start <> r.due_start
        THEN format('the frame that ends at position %s does not begin where the one before it ends', r.last_position)
      WHEN b.hash IS NULL OR encode(b.hash, 'hex') <> r.last_hash
        OR (extract(epoch FROM b.recorded_at) * 1000000)::bigint <> r.recorded_to_us
        THEN format('the batch that ends at position %s is another than in the archive', r.last_position)
    END
    FROM frames AS r
    LEFT JOIN log.batches AS b ON b.shard = r.shard AND b.last_position = r.last_position
      AND b.recorded_at >= archive_difference.month::timestamp AT TIME ZONE 'UTC'
      AND b.recorded_at < (archive_difference.month + interval '1 month') AT TIME ZONE 'UTC'
    UNION ALL
    SELECT f.shard, f.last_position, 'the frames do not add up to the file'
    FROM files AS f
    WHERE (f.last_position, f.last_hash, f.bytes) IS DISTINCT FROM (
      SELECT (r.last_position, r.last_hash, r.start + r.bytes)
      FROM frames AS r
      WHERE r.shard = f.shard
      ORDER BY r.last_position DESC
      LIMIT 1)
  )
  SELECT format('shard %s: %s', d.shard, d.reason)
  FROM differences AS d
  WHERE d.reason IS NOT NULL
  ORDER BY d.shard, d.place
  LIMIT 1
$$;
