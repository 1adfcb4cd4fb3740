-- Creates a series in the schema that the search_path names first: a projection's, live, rebuilt or replayed. To be called by its
-- schema.sql. The projector then keeps it (Sources/Projector/Series), so that apply.sql says nothing of it:
-- requests that count, by what `label` names, in cells of `minutes`, which stand together in blocks.
--   name          the table
--   label         what requests are told apart by: words between spaces, as Sources/Projector/Series/SeriesLabel.swift has them, of
--                 which only the last's text may hold spaces. Empty: all requests together
--   minutes       how long a cell is: 15, and a block is a day (UTC); or 1, and a block is an hour
--   most          how many labels a block may have. Those that come first have a row of their own, what is beyond counts in the row whose
--                 label is empty
--   is_timed      whether response times are kept, or calls and statuses alone
--   keeps_totals  whether a block's total stays when detail goes (log.create_retention), or the row goes with it
--
-- Table <name> has a row per block and label: `total` of the block and its `cells`, both as Sources/Domain/Traffic/TrafficBytes.swift
-- writes them; no cells where detail has gone. Table <name>_blocks, of a series with labels, has a row per block: how many labels it
-- has, and how often each was called (`ranks`).
CREATE OR REPLACE FUNCTION log.create_series(
  name text, label text, minutes integer, most integer, is_timed boolean, keeps_totals boolean
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  IF to_regclass(format('%I.retention', current_schema())) IS NULL THEN
    PERFORM log.create_retention();
  END IF;
  EXECUTE format(
    'CREATE TABLE %I ('
    ' shard integer NOT NULL, project_id uuid NOT NULL, mode text NOT NULL, at timestamptz NOT NULL, hash bigint NOT NULL,'
    -- The cells of a busy day are tens of kB, compressed anew with each cut.
    ' label text NOT NULL, total bytea NOT NULL, cells bytea COMPRESSION lz4,'
    ' PRIMARY KEY (shard, project_id, mode, at, hash)'
    ') WITH (fillfactor = 70)', create_series.name);
  IF create_series.label <> '' THEN
    EXECUTE format(
      'CREATE TABLE %I ('
      ' shard integer NOT NULL, project_id uuid NOT NULL, mode text NOT NULL, at timestamptz NOT NULL,'
      ' labels integer NOT NULL, ranks bytea NOT NULL,'
      ' PRIMARY KEY (shard, project_id, mode, at)'
      ') WITH (fillfactor = 70)', create_series.name || '_blocks');
    -- Hashes are as good as random: to compress them takes time and gains nothing.
    EXECUTE format('ALTER TABLE %I ALTER COLUMN ranks SET STORAGE EXTERNAL', create_series.name || '_blocks');
  END IF;
  -- What the projector reads it by (log.series_at_hand): a comment goes where its table goes, renamed or dropped.
  EXECUTE format('COMMENT ON TABLE %I IS %L', create_series.name, jsonb_build_object('series', jsonb_build_object(
    'label', create_series.label, 'minutes', create_series.minutes, 'most', create_series.most,
    'is_timed', create_series.is_timed, 'keeps_totals', create_series.keeps_totals)));
END
$$;
