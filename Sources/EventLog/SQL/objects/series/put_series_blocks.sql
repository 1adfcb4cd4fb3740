-- Writes blocks of a series with labels of the projection at work, new ones and changed ones.
CREATE OR REPLACE FUNCTION log.put_series_blocks(
  name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[], labels integer[], ranks bytea[]
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO %I AS t (shard, project_id, mode, at, labels, ranks)'
    ' SELECT $1, b.project_id, b.mode, b.at, b.labels, b.ranks'
    ' FROM unnest($2, $3, $4, $5, $6) AS b (project_id, mode, at, labels, ranks)'
    ' ON CONFLICT (shard, project_id, mode, at) DO UPDATE SET labels = excluded.labels, ranks = excluded.ranks',
    put_series_blocks.name || '_blocks')
  USING put_series_blocks.shard, put_series_blocks.project_ids, put_series_blocks.modes, put_series_blocks.ats,
    put_series_blocks.labels, put_series_blocks.ranks;
END
$$;
