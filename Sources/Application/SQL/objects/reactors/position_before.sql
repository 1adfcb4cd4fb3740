-- For servers of the last release, as long as they may run: log.next_cut() and log.moment().
--
-- Where a reactor begins that is not to tell of what happened before a time: the last position recorded before it.
CREATE OR REPLACE FUNCTION operations.position_before(shard integer, at timestamptz)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
  SELECT coalesce(max(b.last_position), 0)
  FROM log.batches AS b
  WHERE b.shard = position_before.shard AND b.recorded_at < position_before.at
$$;
