-- Writes rows of a table of places of the projection at work, new ones and changed ones.
CREATE OR REPLACE FUNCTION log.put_places(
  name text, shard integer, project_ids uuid[], modes text[], ats timestamptz[], parts integer[], places bytea[]
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO %I AS t (shard, project_id, mode, at, part, places)'
    ' SELECT $1, r.project_id, r.mode, r.at, r.part, r.places'
    ' FROM unnest($2, $3, $4, $5, $6) AS r (project_id, mode, at, part, places)'
    ' ON CONFLICT (shard, project_id, mode, at, part) DO UPDATE SET places = excluded.places', put_places.name)
  USING put_places.shard, put_places.project_ids, put_places.modes, put_places.ats, put_places.parts, put_places.places;
END
$$;
