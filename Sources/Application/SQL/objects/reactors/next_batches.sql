-- For servers of the last release, as long as they may run: log.next_cut() and log.moment().
--
-- The end of the next batches of a shard after a position, `most` of them; no row at the log's end. `is_whole` is false when they
-- don't follow one another without a gap: then nothing may be skipped in silence.
CREATE OR REPLACE FUNCTION operations.next_batches(shard integer, after bigint, most integer)
RETURNS TABLE (upto bigint, is_whole boolean)
LANGUAGE sql
STABLE
AS $$
  WITH batches AS (
    SELECT b.first_position, b.last_position
    FROM log.batches AS b
    WHERE b.shard = next_batches.shard AND b.last_position > next_batches.after
    ORDER BY b.last_position
    LIMIT next_batches.most
  )
  SELECT max(b.last_position),
    min(b.first_position) = next_batches.after + 1
      AND sum(b.last_position - b.first_position + 1) = max(b.last_position) - next_batches.after
  FROM batches AS b
  HAVING count(*) > 0
$$;
