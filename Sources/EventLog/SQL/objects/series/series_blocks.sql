-- Blocks of a series with labels of the projection at work, of those asked for that are there; `n` is the place of what was asked for.
CREATE OR REPLACE FUNCTION log.series_blocks(name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[])
RETURNS TABLE (n bigint, labels integer, ranks bytea)
LANGUAGE plpgsql
STABLE
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT k.n, t.labels, t.ranks'
    ' FROM unnest($2, $3, $4) WITH ORDINALITY AS k (project_id, mode, at, n)'
    ' JOIN %I AS t ON t.shard = $1 AND t.project_id = k.project_id AND t.mode = k.mode AND t.at = k.at',
    series_blocks.name || '_blocks')
  USING series_blocks.shard, series_blocks.project_ids, series_blocks.modes, series_blocks.ats;
END
$$;
