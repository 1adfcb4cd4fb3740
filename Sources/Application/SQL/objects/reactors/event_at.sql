-- The domain event at a position; no row when the log doesn't hold it (any more).
CREATE OR REPLACE FUNCTION operations.event_at(shard integer, at bigint)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, type text, stream text, account_id uuid, month text, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.position, u.recorded_at, u.type, u.stream, u.account_id, u.month, (u.data -> 0)::text
  FROM (
    SELECT b.first_position, b.last_position
    FROM log.batches AS b
    WHERE b.shard = event_at.shard AND b.last_position >= event_at.at
    ORDER BY b.last_position
    LIMIT 1
  ) AS c
  CROSS JOIN LATERAL log.read_units(event_at.shard, c.first_position - 1, c.last_position) AS u
  WHERE u.position = event_at.at
$$;
