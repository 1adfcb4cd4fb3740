-- The last row of each quarter of an hour, of those asked for that are there, of a table of places of the projection at work: the one that
-- takes what comes. `n` is the place of what was asked for, from 1.
CREATE OR REPLACE FUNCTION log.last_places(name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[])
RETURNS TABLE (n bigint, part integer, places bytea)
LANGUAGE plpgsql
STABLE
-- Whatever the planner thinks of a table that it has no statistics of yet: through its key.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT k.n, t.part, t.places'
    ' FROM unnest($2, $3, $4) WITH ORDINALITY AS k (project_id, mode, at, n)'
    ' CROSS JOIN LATERAL ('
    '  SELECT p.part, p.places FROM %I AS p'
    '  WHERE p.shard = $1 AND p.project_id = k.project_id AND p.mode = k.mode AND p.at = k.at'
    '  ORDER BY p.part DESC LIMIT 1'
    ' ) AS t', last_places.name)
  USING last_places.shard, last_places.project_ids, last_places.modes, last_places.ats;
END
$$;
