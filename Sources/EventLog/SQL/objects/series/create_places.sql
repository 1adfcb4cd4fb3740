-- Creates a table of places in the schema that the search_path names first: a projection's, live, rebuilt or replayed. To be called by its
-- schema.sql. The projector then keeps it (Sources/Projector/Series), so that apply.sql says nothing of it: in which batches of the log
-- the requests of a project, mode and quarter of an hour lie, voided or not, how many they are, and what they can be found by.
--
-- Table <name> has one row per quarter, and more where one would grow too long: the first `part` is 0, and later batches stand in later
-- ones. `places` is as Sources/Domain/Requests/BatchPlaces.swift writes it. They are detail, and go with it (log.create_retention).
CREATE OR REPLACE FUNCTION log.create_places(name text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  IF to_regclass(format('%I.retention', current_schema())) IS NULL THEN
    PERFORM log.create_retention();
  END IF;
  EXECUTE format(
    'CREATE TABLE %I ('
    ' shard integer NOT NULL, project_id uuid NOT NULL, mode text NOT NULL, at timestamptz NOT NULL, part integer NOT NULL,'
    ' places bytea NOT NULL,'
    ' PRIMARY KEY (shard, project_id, mode, at, part)'
    ') WITH (fillfactor = 70)', create_places.name);
  -- Signatures are as good as random: to compress them takes time and gains nothing.
  EXECUTE format('ALTER TABLE %I ALTER COLUMN places SET STORAGE EXTERNAL', create_places.name);
  -- What the projector finds it by (log.places_at_hand): a comment goes where its table goes, renamed or dropped.
  EXECUTE format('COMMENT ON TABLE %I IS %L', create_places.name, '{"places": true}');
END
$$;
