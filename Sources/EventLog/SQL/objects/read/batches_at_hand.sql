-- The batches that a transaction can read: those in the database, and those of the archive that it has brought along itself, as
-- text in its setting `recount.archived` (Sources/EventLog/Archive/ArchiveReader.swift). A setting ends with its transaction and is
-- nobody else's: reading the archive writes nothing, needs no right to write, and leaves nothing to clear away.
--
-- One line a batch: shard, first and last position, recorded_at in microseconds since 1970, hash in hex, events; between tabs,
-- which jsonb's own text never holds. Without the setting there is nothing to unfold, which costs next to nothing.
CREATE OR REPLACE VIEW log.batches_at_hand AS
SELECT b.shard, b.first_position, b.last_position, b.recorded_at, b.hash, b.events
FROM log.batches AS b
UNION ALL
SELECT split_part(line, E'\t', 1)::integer, split_part(line, E'\t', 2)::bigint, split_part(line, E'\t', 3)::bigint,
  '1970-01-01 00:00:00+00'::timestamptz + split_part(line, E'\t', 4)::bigint * interval '1 microsecond',
  decode(split_part(line, E'\t', 5), 'hex'), split_part(line, E'\t', 6)::jsonb
FROM string_to_table(current_setting('recount.archived', true), E'\n') AS line;
