-- How each shard of the log does, for people: where it ends, and the newest checkpoint that was published of it.
CREATE OR REPLACE FUNCTION log.shard_status()
RETURNS TABLE (
  shard integer, "position" bigint, recorded_at timestamptz, checkpoint_position bigint, checkpoint_signed_at timestamptz
)
LANGUAGE sql
STABLE
AS $$
  SELECT h.shard, h.last_position, CASE WHEN isfinite(h.recorded_at) THEN h.recorded_at END, c.position, c.signed_at
  FROM log.heads AS h
  LEFT JOIN LATERAL (
    SELECT k.position, k.signed_at
    FROM log.checkpoints AS k
    WHERE k.shard = h.shard
    ORDER BY k.tree_size DESC, k.signed_at DESC
    LIMIT 1
  ) AS c ON true
$$;
