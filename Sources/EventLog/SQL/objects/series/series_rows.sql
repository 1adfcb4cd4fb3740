-- Rows of a series of the projection at work, of those asked for that are there; `n` is the place of what was asked for, from 1.
CREATE OR REPLACE FUNCTION log.series_rows(
  name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[], hashes bigint[]
)
RETURNS TABLE (n bigint, total bytea, cells bytea)
LANGUAGE plpgsql
STABLE
-- Whatever the planner thinks of a table that it has no statistics of yet: through its key.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT k.n, t.total, t.cells'
    ' FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS k (project_id, mode, at, hash, n)'
    ' JOIN %I AS t'
    ' ON t.shard = $1 AND t.project_id = k.project_id AND t.mode = k.mode AND t.at = k.at AND t.hash = k.hash', series_rows.name)
  USING series_rows.shard, series_rows.project_ids, series_rows.modes, series_rows.ats, series_rows.hashes;
END
$$;
