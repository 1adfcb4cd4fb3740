-- What a month in the database holds of each shard that recorded anything in it. The bounds are constants to the planner, so
-- that it looks at the month's partition alone.
CREATE OR REPLACE FUNCTION log.month_shards(month date)
RETURNS TABLE (
  shard integer, first_position bigint, last_position bigint, batches bigint, recorded_from timestamptz, recorded_to timestamptz
)
LANGUAGE sql
STABLE
AS $$
  SELECT b.shard, min(b.first_position), max(b.last_position), count(*), min(b.recorded_at), max(b.recorded_at)
  FROM log.batches AS b
  WHERE b.recorded_at >= month_shards.month::timestamp AT TIME ZONE 'UTC'
    AND b.recorded_at < (month_shards.month + interval '1 month') AT TIME ZONE 'UTC'
  GROUP BY b.shard
  ORDER BY b.shard
$$;
