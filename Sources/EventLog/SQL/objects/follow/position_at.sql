-- Where a shard's log stood at a time: the last position recorded at or before it, 0 where there was none yet. Of what the database holds: where
-- log.frame_around() names a frame of the archive, the moment lies there, and log.moment() tells it. `recorded_at` never falls along a shard, so
-- the batch is found by halves, in some thirty looks at the batches' key, however long a month is.
CREATE OR REPLACE FUNCTION log.position_at(shard integer, "time" timestamptz) RETURNS bigint
LANGUAGE plpgsql
STABLE
-- Through the batches' key, whatever the planner thinks of a month that it has no statistics of yet.
SET enable_seqscan = off
AS $$
DECLARE
  -- All up to `low` was recorded by then, and nothing after `high`.
  low bigint := coalesce((
    SELECT max(f.last_position) FROM log.archive_frames AS f WHERE f.shard = position_at.shard), 0);
  high bigint := (SELECT h.last_position FROM log.heads AS h WHERE h.shard = position_at.shard);
  batch record;
BEGIN
  WHILE low < high LOOP
    SELECT b.first_position, b.last_position, b.recorded_at INTO batch
    FROM log.batches AS b
    WHERE b.shard = position_at.shard AND b.last_position >= low + (high - low + 1) / 2
    ORDER BY b.last_position
    LIMIT 1;
    IF batch.recorded_at <= position_at."time" THEN
      low := batch.last_position;
    ELSE
      high := batch.first_position - 1;
    END IF;
  END LOOP;
  RETURN low;
END
$$;
