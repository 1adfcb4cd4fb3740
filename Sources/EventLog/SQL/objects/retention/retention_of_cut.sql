-- The projects whose detail ends later from a cut on, after < position <= upto: the furthest `before` that retention_applied sets for
-- each. For projections that keep detail; what they keep is a function of the furthest one alone, so that it does not matter
-- where the cuts lie, or whether a late event comes before or after it.
CREATE OR REPLACE FUNCTION log.retention_of_cut(shard integer, after bigint, upto bigint)
RETURNS TABLE (project_id uuid, "before" timestamptz)
LANGUAGE sql
STABLE
AS $$
  SELECT u.project_id, to_timestamp(max((u.data -> 0 -> 'before')::bigint) / 1000)
  FROM log.read_units(retention_of_cut.shard, retention_of_cut.after, retention_of_cut.upto) AS u
  WHERE u.type = 'retention_applied'
  GROUP BY u.project_id
$$;
