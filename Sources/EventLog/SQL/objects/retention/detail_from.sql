-- Where the detail of a project begins, by table `retention` of the projection at work (log.create_retention); '-infinity' while all of
-- it is kept. In PL/pgSQL, which looks the table up in the schema that the search_path names first, whichever that is.
CREATE OR REPLACE FUNCTION log.detail_from(shard integer, project_id uuid) RETURNS timestamptz
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
  RETURN coalesce((
    SELECT r.before FROM retention AS r
    WHERE r.shard = detail_from.shard AND r.project_id = detail_from.project_id), '-infinity');
END
$$;
