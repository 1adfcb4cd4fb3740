-- How far a read model's answer is along the log; no row when it has not been built yet. For whoever answers questions from it,
-- in the same snapshot as the answer.
CREATE OR REPLACE FUNCTION projector.as_of(projection text, shard integer)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, log_position bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT p.position, p.recorded_at, h.last_position
  FROM projector.progress AS p
  JOIN log.heads AS h ON h.shard = p.shard
  WHERE p.projection = as_of.projection AND p.shard = as_of.shard
$$;
