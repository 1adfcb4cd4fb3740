-- Creates table `retention` in the schema that the search_path names first: a projection's, live, rebuilt or replayed. To be called by
-- its schema.sql. The detail of a project before a row's moment, the beginning of a day (UTC), is no longer kept.
CREATE OR REPLACE FUNCTION log.create_retention() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  CREATE TABLE retention (
    shard integer NOT NULL,
    project_id uuid NOT NULL,
    before timestamptz NOT NULL,
    PRIMARY KEY (shard, project_id)
  );
END
$$;
