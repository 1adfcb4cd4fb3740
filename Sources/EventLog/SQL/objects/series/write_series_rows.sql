-- Writes rows of a series of the projection at work, new ones and changed ones: `are_there` says which the table has. Empty `cells` are none.
CREATE OR REPLACE FUNCTION log.write_series_rows(
  name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[], hashes bigint[], labels text[],
  totals bytea[], cells bytea[], are_there boolean[]
) RETURNS void
LANGUAGE plpgsql
-- Whatever the planner thinks of a table that it has no statistics of yet: through its key.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
BEGIN
  -- To insert what is there, only to find that out, takes nearly twice as long as to update it.
  EXECUTE format(
    'UPDATE %I AS t SET total = r.total, cells = nullif(r.cells, '''')'
    ' FROM unnest($2, $3, $4, $5, $6, $7, $8) AS r (project_id, mode, at, hash, total, cells, is_there)'
    ' WHERE r.is_there'
    ' AND t.shard = $1 AND t.project_id = r.project_id AND t.mode = r.mode AND t.at = r.at AND t.hash = r.hash',
    write_series_rows.name)
  USING write_series_rows.shard, write_series_rows.project_ids, write_series_rows.modes, write_series_rows.ats,
    write_series_rows.hashes, write_series_rows.totals, write_series_rows.cells, write_series_rows.are_there;
  EXECUTE format(
    'INSERT INTO %I (shard, project_id, mode, at, hash, label, total, cells)'
    ' SELECT $1, r.project_id, r.mode, r.at, r.hash, r.label, r.total, nullif(r.cells, '''')'
    ' FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) AS r (project_id, mode, at, hash, label, total, cells, is_there)'
    ' WHERE NOT r.is_there', write_series_rows.name)
  USING write_series_rows.shard, write_series_rows.project_ids, write_series_rows.modes, write_series_rows.ats,
    write_series_rows.hashes, write_series_rows.labels, write_series_rows.totals, write_series_rows.cells, write_series_rows.are_there;
END
$$;
