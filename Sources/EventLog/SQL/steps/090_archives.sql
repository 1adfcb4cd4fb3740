-- Months of the log that have left the database for archive files (`recount archive`), which are part of the log as before: who
-- reads old positions finds here in which file they stand (log.archived_at) and brings them along (log.batches_at_hand).
--
-- All of these are written by log.drop_archived_month() alone, in the transaction that drops the month's partition: a month is
-- either in log.batches or here, never both or neither.
CREATE TABLE IF NOT EXISTS log.archived_months (
  month date PRIMARY KEY, -- its first day, UTC
  archived_at timestamptz NOT NULL,
  database_bytes bigint NOT NULL -- what its partition took, indexes included
);

-- One file: a month of one shard, as the lines of log.export_batches().
CREATE TABLE IF NOT EXISTS log.archives (
  month date NOT NULL REFERENCES log.archived_months,
  shard integer NOT NULL,
  first_position bigint NOT NULL,
  last_position bigint NOT NULL,
  batches bigint NOT NULL,
  hash_before bytea NOT NULL, -- the link that its first batch hangs on
  last_hash bytea NOT NULL,
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL,
  file text NOT NULL, -- below the archive's folder
  bytes bigint NOT NULL,
  text_bytes bigint NOT NULL, -- uncompressed
  sha256 bytea NOT NULL, -- of the file
  PRIMARY KEY (month, shard)
);

-- A file is a row of LZ4 frames, each some megabytes of whole lines: so that any position is found without reading the file
-- from its beginning, and no reader needs more room than a frame takes.
CREATE TABLE IF NOT EXISTS log.archive_frames (
  shard integer NOT NULL,
  last_position bigint NOT NULL,
  first_position bigint NOT NULL,
  month date NOT NULL,
  start bigint NOT NULL, -- its first byte's place in the file
  bytes bigint NOT NULL,
  last_hash bytea NOT NULL, -- of its last batch
  recorded_to timestamptz NOT NULL, -- of its last batch
  PRIMARY KEY (shard, last_position)
);

-- The domain events of archived months. Deciders load whole streams, which must not wait for files; telemetry, nearly all of a
-- log, has no rows here. `recount audit verify` holds each against the archive.
CREATE TABLE IF NOT EXISTS log.archived_streams (
  shard integer NOT NULL,
  position bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  unit jsonb COMPRESSION lz4 NOT NULL, -- as in its batch
  PRIMARY KEY (shard, position)
);
