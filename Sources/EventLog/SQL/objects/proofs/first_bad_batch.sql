-- Recomputes the chain over after < position <= upto and returns the first batch of the shard that breaks it, and why; no
-- row when it holds. `previous` is the hash of the batch that ends at `after` (32 zero bytes from the start).
CREATE OR REPLACE FUNCTION log.first_bad_batch(shard integer, after bigint, upto bigint, previous bytea)
RETURNS TABLE (first_position bigint, last_position bigint, recorded_at timestamptz, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH chain AS (
    SELECT b.*,
      lag(b.last_position, 1, first_bad_batch.after) OVER w AS previous_end,
      lag(b.hash, 1, first_bad_batch.previous) OVER w AS previous_hash,
      lag(b.recorded_at, 1, (
        SELECT max(p.recorded_at)
        FROM (
          SELECT h.recorded_at
          FROM log.batches_at_hand AS h
          WHERE h.shard = first_bad_batch.shard AND h.last_position = first_bad_batch.after
          UNION ALL
          SELECT f.recorded_to
          FROM log.archive_frames AS f
          WHERE f.shard = first_bad_batch.shard AND f.last_position = first_bad_batch.after
        ) AS p)) OVER w AS previous_recorded_at
    FROM log.batches_at_hand AS b
    WHERE b.shard = first_bad_batch.shard
      AND b.last_position > first_bad_batch.after AND b.last_position <= first_bad_batch.upto
    WINDOW w AS (ORDER BY b.last_position, b.recorded_at)
  ), judged AS (
    SELECT c.first_position, c.last_position, c.recorded_at,
      CASE
        WHEN c.first_position <> c.previous_end + 1 THEN format(
          'it begins at position %s where %s was due: a batch before it is missing, doubled or moved',
          c.first_position, c.previous_end + 1)
        WHEN c.recorded_at < c.previous_recorded_at THEN 'it was recorded before the batch that it follows'
        WHEN c.hash <> log.batch_hash(
          c.previous_hash, c.shard, c.first_position, c.last_position, c.recorded_at, c.events::text)
          THEN 'its content does not match its hash: it, or the batch before it, was changed after it was written'
        ELSE log.fault_of_units(c.shard, c.first_position, c.last_position, c.events)
      END AS reason
    FROM chain AS c
  )
  SELECT j.first_position, j.last_position, j.recorded_at, j.reason
  FROM judged AS j
  WHERE j.reason IS NOT NULL
  ORDER BY j.last_position
  LIMIT 1
$$;
