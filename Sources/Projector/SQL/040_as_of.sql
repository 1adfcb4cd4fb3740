-- How far a read model's answer is along the log; no row when it has not been built yet. For whoever answers questions from it,
-- in the same snapshot as the answer.
CREATE OR REPLACE FUNCTION projector.as_of(projection text, shard integer)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, log_position bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT c.position, c.recorded_at, h.last_position
  FROM projector.checkpoints AS c
  JOIN log.heads AS h ON h.shard = c.shard
  WHERE c.projection = as_of.projection AND c.shard = as_of.shard
$$;
