-- What log.write_series_rows() does, for projectors of the last release that go on while a log is migrated.
-- Writes rows of a series of the projection at work, new ones and changed ones. Empty `cells` are none.
CREATE OR REPLACE FUNCTION log.put_series_rows(
  name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[], hashes bigint[], labels text[],
  totals bytea[], cells bytea[]
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO %I AS t (shard, project_id, mode, at, hash, label, total, cells)'
    ' SELECT $1, r.project_id, r.mode, r.at, r.hash, r.label, r.total, nullif(r.cells, '''')'
    ' FROM unnest($2, $3, $4, $5, $6, $7, $8) AS r (project_id, mode, at, hash, label, total, cells)'
    ' ON CONFLICT (shard, project_id, mode, at, hash) DO UPDATE SET total = excluded.total, cells = excluded.cells',
    put_series_rows.name)
  USING put_series_rows.shard, put_series_rows.project_ids, put_series_rows.modes, put_series_rows.ats,
    put_series_rows.hashes, put_series_rows.labels, put_series_rows.totals, put_series_rows.cells;
END
$$;
