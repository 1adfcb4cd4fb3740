-- The next batches of a shard after a position, of at most `most` events but at least one batch; no row at the log's end.
-- `is_whole` is false when they don't follow one another without a gap: then nothing may be applied.
CREATE OR REPLACE FUNCTION log.next_cut(shard integer, after bigint, most bigint)
RETURNS TABLE (upto bigint, hash bytea, recorded_at timestamptz, is_whole boolean)
LANGUAGE sql
STABLE
AS $$
  WITH next AS (
    SELECT b.last_position
    FROM log.batches_at_hand AS b
    WHERE b.shard = next_cut.shard AND b.last_position > next_cut.after
    ORDER BY b.last_position
    LIMIT 1
  ), batches AS (
    SELECT b.first_position, b.last_position, b.hash, b.recorded_at,
      lag(b.last_position, 1, next_cut.after) OVER (ORDER BY b.last_position, b.recorded_at) AS previous_end
    FROM log.batches_at_hand AS b
    WHERE b.shard = next_cut.shard AND b.last_position > next_cut.after
      AND b.last_position <= greatest(next_cut.after + next_cut.most, (SELECT n.last_position FROM next AS n))
  )
  SELECT b.last_position, b.hash, b.recorded_at, bool_and(b.first_position = b.previous_end + 1) OVER ()
  FROM batches AS b
  ORDER BY b.last_position DESC
  LIMIT 1
$$;
