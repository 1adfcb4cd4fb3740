-- The log itself: one row per append transaction.
--
-- A batch is valid if and only if
--   1. first_position = last_position of the shard's previous batch + 1 (1 for the first batch);
--   2. its units hold exactly last_position - first_position + 1 events, the k-th unit starting where the one before ended;
--   3. recorded_at is not before that of the shard's previous batch;
--   4. hash = log.batch_hash(hash of the previous batch (32 zero bytes for the first), the header, events::text).
--
-- `events` is an array of units: events that share type, stream and metadata, which are therefore written once. Five times
-- smaller than a row per event, and still SQL: log.read() and the view log.events unfold it. A unit's members:
--   type, version            the event type and its schema version: EventSchemas/<type>.v<version>.json describes `data`'s elements
--   position                 of its first event; the k-th has position + k - 1
--   data                     one element per event
--   stream, stream_version   of a domain event, which is alone in its unit
--   actor_id, client_sealed  of a domain event: the person who caused it, and from where (sealed for that person)
--   account_id, project_id, key_id, mode, month   of telemetry: whose it is, live or test, and the month (UTC) it is metered in
--   batch_id                 of a request of many; an event is known by it and its ordinal
--   ordinals                 the events' places in that request, where they are not 0, 1, 2, …
--   event_ids                the events' own ids, null where one brought none
--
-- Partitioned by month of recorded_at, so that an archived month leaves by DROP, not by DELETE.
CREATE TABLE IF NOT EXISTS log.batches (
  shard integer NOT NULL,
  first_position bigint NOT NULL CHECK (first_position > 0),
  last_position bigint NOT NULL CHECK (last_position >= first_position),
  recorded_at timestamptz NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  events jsonb COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (shard, last_position, recorded_at)
) PARTITION BY RANGE (recorded_at);
