-- For read models of the last release, whose apply.sql calls it, as long as their projectors may run: log.read_beside_voids().
CREATE OR REPLACE FUNCTION log.read_corrected(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (
  project_id uuid, mode text, key_id uuid, recorded_at timestamptz, "position" bigint, id uuid, ordinal integer, event jsonb
)
LANGUAGE sql
STABLE
ROWS 1
AS $$
  SELECT r.*
  FROM log.read_beside_voids(read_corrected.shard, read_corrected.after, read_corrected.upto, read_corrected.foresight) AS r
$$;
