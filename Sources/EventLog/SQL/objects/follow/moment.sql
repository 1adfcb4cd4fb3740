-- Where a shard's log stood at a moment: the last batch recorded at or before a time, or ending at or before a position; position 0
-- where there was none yet. What is NULL lets all pass. `recorded_at` never falls along a shard, so both are prefixes of the log.
CREATE OR REPLACE FUNCTION log.moment(shard integer, "time" timestamptz, upto bigint)
RETURNS TABLE ("position" bigint, hash bytea, recorded_at timestamptz)
LANGUAGE sql
STABLE
AS $$
  SELECT m.last_position, m.hash, m.recorded_at
  FROM (
    (SELECT b.last_position, b.hash, b.recorded_at
    FROM log.batches_at_hand AS b
    WHERE b.shard = moment.shard
      AND (moment."time" IS NULL OR b.recorded_at <= moment."time")
      AND (moment.upto IS NULL OR b.last_position <= moment.upto)
    ORDER BY b.last_position DESC
    LIMIT 1)
    UNION ALL
    -- Of archived months at hand is the frame around the moment; those before it end here.
    (SELECT f.last_position, f.last_hash, f.recorded_to
    FROM log.archive_frames AS f
    WHERE f.shard = moment.shard
      AND (moment."time" IS NULL OR f.recorded_to <= moment."time")
      AND (moment.upto IS NULL OR f.last_position <= moment.upto)
    ORDER BY f.last_position DESC
    LIMIT 1)
    UNION ALL
    SELECT 0, decode(repeat('00', 32), 'hex'), NULL
  ) AS m
  ORDER BY m.last_position DESC
  LIMIT 1
$$;
