-- Schema `log` as the release of 2026-11-26 made it: its files, one after another.

-- Everything that is a fact, and everything that the append must know to decide one, lives in schema `log`.
-- Read models live in schemas of their own (Projections/), so that dropping them can never touch a fact.
CREATE SCHEMA IF NOT EXISTS log;

-- How the log was created. Fixed for its life: an account's shard is computed from `shards`, so changing it would
-- send an account's next event to another chain.
CREATE TABLE IF NOT EXISTS log.settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  shards integer NOT NULL CHECK (shards BETWEEN 1 AND 1024),
  created_at timestamptz NOT NULL DEFAULT now()
);

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

-- Where each shard's log ends. Its row lock orders the appends: positions are handed out under it and released by the
-- commit, so they are gapless and visible in order (promise 2), which no sequence can give.
CREATE TABLE IF NOT EXISTS log.heads (
  shard integer PRIMARY KEY,
  last_position bigint NOT NULL DEFAULT 0,
  last_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  recorded_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 10); -- updated by every append: room on the page keeps those updates HOT

-- The versions of domain streams: optimistic concurrency (promise 4), and the way to load a stream without reading the
-- whole log. Telemetry has no rows here.
CREATE TABLE IF NOT EXISTS log.stream_versions (
  shard integer NOT NULL,
  stream text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  position bigint NOT NULL,
  PRIMARY KEY (shard, stream, version)
);

-- What has been seen: one row per accepted event that brought its own id, or per request of many that brought a batch_id.
--
-- Partitioned by the month it was recorded in, and forgotten by month: an event older than the acceptance window is
-- refused whatever its id, so an id is needed no longer than the window (promise 3). Uniqueness over the partitions is
-- kept by the head's row lock: the append looks the id up in all of them before it inserts.
CREATE TABLE IF NOT EXISTS log.event_ids (
  shard integer NOT NULL,
  scope uuid NOT NULL, -- the project (its first bit flipped for test events), so that none can shadow another's ids
  id uuid NOT NULL,
  recorded_month date NOT NULL,
  position bigint NOT NULL, -- where its first accepted event stands
  digest bigint NOT NULL, -- of the body, to tell a retry from another event under the same id
  accepted int4multirange, -- the ordinals accepted so far; NULL: all of the request's events
  PRIMARY KEY (shard, scope, id, recorded_month)
) PARTITION BY RANGE (recorded_month);

-- Test events that an account may track in a calendar month (UTC), by its tier: what account_opened and tier_changed of version 1,
-- which name the tier and say nothing of test events, mean by it for good. Whose tier can't be told may track what Free may.
--
-- The numbers stand in Domain, too (Tier.testQuota), and a test holds the two against each other.
CREATE OR REPLACE FUNCTION log.test_quota(tier text) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT (CASE test_quota.tier WHEN 'business' THEN 50000 WHEN 'pro' THEN 10000 ELSE 1000 END)::bigint
$$;

-- The monthly quotas of each account as its own events last set them (any that carries `monthly_quota`, such as account_opened; the
-- one of test events follows from the tier that the same event names: log.test_quota).
CREATE TABLE IF NOT EXISTS log.quotas (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  monthly_quota bigint NOT NULL CHECK (monthly_quota >= 0),
  test_quota bigint NOT NULL CHECK (test_quota >= 0),
  PRIMARY KEY (shard, account_id)
);

-- An account's month of usage, live and test apart. Decided upon and moved by the append alone, in its transaction (promise 5); like
-- all else it can be recounted from the log: log.recount_meters().
CREATE TABLE IF NOT EXISTS log.meters (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  month text NOT NULL CHECK (month ~ '^\d{4}-\d\d$'), -- UTC, by the events' timestamps
  used bigint NOT NULL CHECK (used >= 0),
  quota bigint NOT NULL,
  refused bigint NOT NULL CHECK (refused >= 0),
  threshold_reached boolean NOT NULL, -- quota_threshold_reached stands in the log; of live events alone
  exceeded boolean NOT NULL, -- quota_exceeded stands in the log; of live events alone
  mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test')),
  PRIMARY KEY (shard, account_id, month, mode)
) WITH (fillfactor = 70); -- updated by every append: HOT, no index on an updated column

-- In a database that an older release made, only live events are metered. What its log says of test events is added by the migration
-- (OldMeters.swift), which can read archived months, in this same transaction.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'log.quotas'::regclass AND attname = 'test_quota') THEN
    ALTER TABLE log.quotas ADD COLUMN test_quota bigint NOT NULL DEFAULT log.test_quota(NULL) CHECK (test_quota >= 0);
    ALTER TABLE log.quotas ALTER COLUMN test_quota DROP DEFAULT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'log.meters'::regclass AND attname = 'mode') THEN
    ALTER TABLE log.meters ADD COLUMN mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test'));
    ALTER TABLE log.meters DROP CONSTRAINT meters_pkey, ADD PRIMARY KEY (shard, account_id, month, mode);
  END IF;
END
$$;

-- The corrections in the log (`telemetry_voided`): which tracked requests no longer count. Written by the append alone, beside the
-- event that says the same; log.first_bad_batch() holds the two against each other. A table, because whoever counts requests must
-- know the corrections of what he counts, and the log is read in pieces.
--
-- A void takes the requests of its project and mode with "from" <= timestamp < "to" at positions up to upto_position that no
-- earlier void has taken. Every position up to upto_position was in the log before the void was decided, so what it takes
-- is fixed for good, whatever is recorded meanwhile.
CREATE TABLE IF NOT EXISTS log.voids (
  shard integer NOT NULL,
  position bigint NOT NULL, -- of the event
  void_id uuid NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  "from" bigint NOT NULL, -- milliseconds since 1970
  "to" bigint NOT NULL CHECK ("to" > "from"),
  upto_position bigint NOT NULL CHECK (upto_position < position),
  PRIMARY KEY (shard, position),
  UNIQUE (shard, void_id)
);

-- What must be able to vanish, kept out of the log: the keys that personal data in the log is sealed with. Erasing a person
-- deletes their key; the log, its hashes and everyone's numbers stay as they are.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.keys (
  subject uuid PRIMARY KEY, -- the person
  key bytea CHECK (octet_length(key) = 32) -- NULL once the person is erased, so that nobody draws them another
);
ALTER TABLE vault.keys ALTER COLUMN key DROP NOT NULL;

-- Secrets of this log as a whole, drawn when it is created. `email_pepper` keys the digests by which an address is found
-- without being readable, so that the log alone does not let anyone try addresses out. `jwt_key` signs access and refresh
-- tokens, and `mail_token_key` makes the tokens in mails from their ids: drawing either anew voids all that were given out.
CREATE TABLE IF NOT EXISTS vault.secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL
);
INSERT INTO vault.secrets (name, value)
SELECT name, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
FROM unnest(ARRAY['email_pepper', 'jwt_key', 'mail_token_key']) AS name
ON CONFLICT (name) DO NOTHING;

-- The Merkle tree (RFC 6962) over each shard's batches: leaf i is the shard's i-th batch, its data the batch's 32-byte chain hash,
-- which commits to the batch and everything before it. It adds what the chain can't give: that one batch is part of the log, or
-- that one checkpoint goes on from another, shown in a few hashes instead of the whole log.
--
-- Kept are complete subtrees, which never change: the node at `level` over the leaves from index * 2^level on, 2^level of them.
-- About two rows a batch. Grown by log.grow_tree() when a checkpoint is made, never by an append. Everything here can be
-- computed from the batches (`recount audit verify` does), and nothing here needs a batch again once its leaf is in.
CREATE TABLE IF NOT EXISTS log.tree (
  shard integer NOT NULL,
  level smallint NOT NULL,
  index bigint NOT NULL,
  last_position bigint NOT NULL, -- where the last batch beneath it ends
  hash bytea NOT NULL CHECK (octet_length(hash) = 32), -- at level 0 the leaf's data, from which its hash is one step
  PRIMARY KEY (shard, level, index)
);

-- From a position to the batch that holds it, the way without the batch.
CREATE UNIQUE INDEX IF NOT EXISTS tree_leaf_by_position ON log.tree (shard, last_position) WHERE level = 0;

-- Every checkpoint that was signed and published. Someone with every right on this database can change these rows too: a
-- checkpoint binds the operator because others have saved it, and the key it is signed with is not in the database.
CREATE TABLE IF NOT EXISTS log.checkpoints (
  shard integer NOT NULL,
  tree_size bigint NOT NULL, -- batches it covers
  key_id text NOT NULL, -- of the first key that signed it: after a rotation a shard that did not move is signed anew
  position bigint NOT NULL, -- where the last batch covered ends
  hash bytea NOT NULL, -- of that batch: the chain up to there
  root bytea NOT NULL, -- of the tree
  signed_at timestamptz NOT NULL,
  note text NOT NULL, -- as published
  PRIMARY KEY (shard, tree_size, key_id)
);

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

-- Creates the monthly partitions that appends will need. Called at migration and by the schedule, never by an append: an
-- append must not wait for the lock that CREATE TABLE … PARTITION OF takes.
CREATE OR REPLACE FUNCTION log.ensure_partitions(today date, months_ahead integer DEFAULT 3)
RETURNS integer -- how many partitions it created
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  month date;
  suffix text;
  created integer := 0;
BEGIN
  -- Servers that start together would create the same table.
  PERFORM pg_advisory_xact_lock(hashtext('recount months'));
  FOR month IN
    SELECT (date_trunc('month', ensure_partitions.today::timestamp) + make_interval(months => m))::date
    FROM generate_series(-1, ensure_partitions.months_ahead) AS m
  LOOP
    suffix := to_char(month, 'YYYY_MM');
    IF to_regclass(format('log.batches_%s', suffix)) IS NULL
      -- An archived month is over: nothing is recorded in it any more.
      AND NOT EXISTS (SELECT FROM log.archived_months AS a WHERE a.month >= to_date(suffix, 'YYYY_MM'))
    THEN
      -- Bounds carry their zone: a session's TimeZone setting must not move them.
      EXECUTE format(
        'CREATE TABLE log.%I PARTITION OF log.batches FOR VALUES FROM (%L) TO (%L)'
        -- Append-only tables never reach the dead-tuple threshold: without insert thresholds they would not be vacuumed
        -- (nor their visibility map set) until wrap-around forces it.
        ' WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)',
        'batches_' || suffix, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
      created := created + 1;
    END IF;
    IF to_regclass(format('log.event_ids_%s', suffix)) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE log.%I PARTITION OF log.event_ids FOR VALUES FROM (%L) TO (%L)'
        ' WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)',
        'event_ids_' || suffix, month, (month + interval '1 month')::date);
      created := created + 1;
    END IF;
  END LOOP;
  RETURN created;
END
$$;

-- Drops the ids that no event can bear any more. An id recorded in a month belongs to an event of at most that month's end (and
-- the minutes that a client's clock may be ahead: a day is more than enough); once that lies outside the acceptance window, an
-- event bearing it is refused for its age, and the id need not be known (promise 3). Called daily, by the schedule.
CREATE OR REPLACE FUNCTION log.forget_ids(today date, window_days integer)
RETURNS integer -- how many months it dropped
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  partition regclass;
  dropped integer := 0;
BEGIN
  FOR partition IN
    SELECT i.inhrelid::regclass
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'log.event_ids'::regclass
      AND to_date(substr(c.relname, length('event_ids_') + 1), 'YYYY_MM') + interval '1 month 1 day'
        -- Never by the caller's clock alone: not beyond what the log itself has come to.
        < least(forget_ids.today, (SELECT max(h.recorded_at) FROM log.heads AS h WHERE isfinite(h.recorded_at))::date)
          - forget_ids.window_days
  LOOP
    EXECUTE format('DROP TABLE %s', partition);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;

-- Which shard holds an account's events; the same in Swift: ShardMap.
CREATE OR REPLACE FUNCTION log.shard_of(account_id uuid) RETURNS integer
LANGUAGE sql
STABLE
AS $$
  SELECT (('x' || encode(substr(sha256(uuid_send(account_id)), 1, 4), 'hex'))::bit(32)::bigint % s.shards)::integer
  FROM log.settings AS s
$$;

-- The calendar month (UTC), such as 2026-11, of a time in milliseconds since 1970.
CREATE OR REPLACE FUNCTION log.month_of(milliseconds bigint) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT to_char('1970-01-01 00:00:00'::timestamp + milliseconds / 1000 * interval '1 second', 'YYYY-MM')
$$;

-- The link of the chain (promise 6): SHA-256 over the previous link, the batch's header and its events in canonical text.
-- The canonical text is jsonb's own output, which orders keys and spaces the same way always. recorded_at enters as whole
-- microseconds since 1970, so that no verifier needs PostgreSQL's date formats.
CREATE OR REPLACE FUNCTION log.batch_hash(
  previous bytea, shard integer, first_position bigint, last_position bigint, recorded_at timestamptz, events text
) RETURNS bytea
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
  SELECT sha256(
    previous || convert_to(
      format(E'%s %s %s %s\n', shard, first_position, last_position, (extract(epoch FROM recorded_at) * 1000000)::bigint)
      || events, 'UTF8'))
$$;

-- Reads an old version of an event as the current one. The stored event never changes (its hash would break); whoever
-- reads through log.read() sees the current version. `data` is a unit's array of events; one WHEN per released old version,
-- each lifting straight to the current version.
CREATE OR REPLACE FUNCTION log.upcast(type text, version integer, data jsonb) RETURNS jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE
    -- Version 1 knew neither test keys nor scopes, and no key expired: every key was live and could do everything for good.
    WHEN type = 'key_issued' AND version = 1 THEN (
      SELECT jsonb_agg('{"mode": "live", "scopes": ["track", "read"], "expires_at": null}'::jsonb || event ORDER BY k)
      FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k))
    -- In version 2 no key expired.
    WHEN type = 'key_issued' AND version = 2 THEN (
      SELECT jsonb_agg('{"expires_at": null}'::jsonb || event ORDER BY k)
      FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k))
    -- In version 1 every void gave its place under the quota back.
    WHEN type = 'telemetry_voided' AND version = 1 THEN (
      SELECT jsonb_agg('{"gives_back_quota": true}'::jsonb || event ORDER BY k)
      FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k))
    -- In version 1 no call was throttled.
    WHEN type = 'intake_tallied' AND version = 1 THEN (
      SELECT jsonb_agg('{"throttled": 0}'::jsonb || event ORDER BY k)
      FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k))
    ELSE data
  END
$$;

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

-- The frame of an archive file that holds a position; no row when the database holds it, or nobody.
CREATE OR REPLACE FUNCTION log.archived_at(shard integer, "position" bigint)
RETURNS TABLE (
  month text, file text, file_bytes bigint, sha256 bytea, start bigint, bytes bigint, first_position bigint, last_position bigint
)
LANGUAGE sql
STABLE
AS $$
  SELECT to_char(a.month, 'YYYY-MM'), a.file, a.bytes, a.sha256, f.start, f.bytes, f.first_position, f.last_position
  FROM (
    -- The first frame that ends at or after the position is the one that holds it, if any does.
    SELECT n.*
    FROM log.archive_frames AS n
    WHERE n.shard = archived_at.shard AND n.last_position >= archived_at."position"
    ORDER BY n.last_position
    LIMIT 1
  ) AS f
  JOIN log.archives AS a ON a.month = f.month AND a.shard = f.shard
  WHERE f.first_position <= archived_at."position"
$$;

-- The archive's frame in which a moment of a shard lies, by its first position: the last batch recorded at or before a time, and ending
-- at or before a position, is in it, or ends the frame before it. No row when the database holds what follows the moment, or nobody.
CREATE OR REPLACE FUNCTION log.frame_around(shard integer, "time" timestamptz, upto bigint)
RETURNS TABLE (first_position bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT f.first_position
  FROM log.archive_frames AS f
  WHERE f.shard = frame_around.shard AND (f.recorded_to > frame_around."time" OR f.last_position > frame_around.upto)
  ORDER BY f.last_position
  LIMIT 1
$$;

-- The log as units, after < position <= upto, in no particular order. For readers that need the number of events and what
-- they share, not each event: counting usage by unit costs a hundredth of counting it by event.
-- `upto` must be some batch's last position; a batch is read whole or not at all. Inlined into the calling query. Of archived months,
-- what the transaction has at hand.
CREATE OR REPLACE FUNCTION log.read_units(shard integer, after bigint, upto bigint)
RETURNS TABLE (
  shard integer, "position" bigint, event_count integer, recorded_at timestamptz, type text, version integer,
  stream text, stream_version integer, account_id uuid, project_id uuid, key_id uuid, mode text, month text,
  unit jsonb, data jsonb
)
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
  SELECT
    b.shard,
    (u ->> 'position')::bigint,
    jsonb_array_length(u -> 'data'),
    b.recorded_at,
    u ->> 'type',
    (u ->> 'version')::integer,
    u ->> 'stream',
    (u ->> 'stream_version')::integer,
    (u ->> 'account_id')::uuid,
    (u ->> 'project_id')::uuid,
    (u ->> 'key_id')::uuid,
    u ->> 'mode',
    u ->> 'month',
    u,
    log.upcast(u ->> 'type', (u ->> 'version')::integer, u -> 'data')
  FROM log.batches_at_hand AS b, jsonb_array_elements(b.events) AS u
  WHERE b.shard = read_units.shard AND b.last_position > read_units.after AND b.last_position <= read_units.upto
$$;

-- The log as events, after < position <= upto, in no particular order (every event carries its position). `upto` must be
-- some batch's last position. Inlined into the calling query, so unused columns cost nothing.
CREATE OR REPLACE FUNCTION log.read(shard integer, after bigint, upto bigint)
RETURNS TABLE (
  shard integer, "position" bigint, recorded_at timestamptz, type text, version integer,
  stream text, stream_version integer, account_id uuid, project_id uuid, key_id uuid, mode text, month text,
  id uuid, ordinal integer, data jsonb
)
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
  SELECT
    u.shard, u.position + e.k - 1, u.recorded_at, u.type, u.version,
    u.stream, u.stream_version, u.account_id, u.project_id, u.key_id, u.mode, u.month,
    -- An event is known by its own id, or as part of a request of many by (batch_id, ordinal): its place in that request.
    -- The ordinals are stored only where some event of the request was not accepted.
    coalesce(u.unit -> 'event_ids' ->> (e.k - 1)::integer, u.unit ->> 'batch_id')::uuid,
    CASE
      WHEN u.unit ? 'event_ids' THEN 0
      ELSE coalesce((u.unit -> 'ordinals' ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer)
    END,
    e.event
  FROM log.read_units(read.shard, read.after, read.upto) AS u,
    jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
$$;

-- For people with psql: every event of every shard.
CREATE OR REPLACE VIEW log.events AS
SELECT e.*
FROM log.heads AS h, log.read(h.shard, 0, h.last_position) AS e;

-- One domain stream in order of its versions, found through log.stream_versions rather than by reading the shard.
CREATE OR REPLACE FUNCTION log.read_stream(shard integer, stream text, after_version integer)
RETURNS TABLE (stream_version integer, "position" bigint, recorded_at timestamptz, type text, version integer, data jsonb)
LANGUAGE sql
STABLE
AS $$
  SELECT v.version, v.position, e.recorded_at, e.unit ->> 'type', (e.unit ->> 'version')::integer,
    log.upcast(e.unit ->> 'type', (e.unit ->> 'version')::integer, e.unit -> 'data') -> 0
  FROM log.stream_versions AS v
  CROSS JOIN LATERAL (
    -- Of an archived month: kept for this.
    SELECT a.recorded_at, a.unit
    FROM log.archived_streams AS a
    WHERE a.shard = v.shard AND a.position = v.position
    UNION ALL
    SELECT b.recorded_at, u
    FROM (
      -- The first batch that ends at or after the position is the one that holds it.
      SELECT c.recorded_at, c.events
      FROM log.batches AS c
      WHERE c.shard = v.shard AND c.last_position >= v.position
      ORDER BY c.last_position
      LIMIT 1
    ) AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u
    WHERE (u ->> 'position')::bigint = v.position
    LIMIT 1 -- found in the archive, the batches are not looked at
  ) AS e
  WHERE v.shard = read_stream.shard AND v.stream = read_stream.stream AND v.version > read_stream.after_version
  ORDER BY v.version
$$;

-- How many tracked requests of a stretch count still, of those recorded at after < position <= upto, by month and key: what a void of it
-- would take there. Both must be some batch's last position. Whoever voids walks the shard in steps (Voiding.swift).
DROP FUNCTION IF EXISTS log.voidable(integer, uuid, text, bigint, bigint, bigint); -- of earlier releases, which walked it in one
CREATE OR REPLACE FUNCTION log.voidable(
  shard integer, project_id uuid, mode text, "from" bigint, "to" bigint, after bigint, upto bigint
)
RETURNS TABLE (month text, key_id uuid, events bigint)
LANGUAGE sql
STABLE
AS $$
  WITH earlier AS MATERIALIZED (
    SELECT v."from", v."to", v.upto_position
    FROM log.voids AS v
    WHERE v.shard = voidable.shard AND v.project_id = voidable.project_id AND v.mode = voidable.mode
  )
  SELECT u.month, u.key_id, count(*)
  FROM (
    SELECT u.month, u.key_id, u.position, u.data
    FROM log.read_units(voidable.shard, voidable.after, voidable.upto) AS u
    WHERE u.type = 'request_tracked' AND u.project_id = voidable.project_id AND u.mode = voidable.mode
      AND u.month BETWEEN log.month_of(voidable."from") AND log.month_of(voidable."to" - 1)
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event
  ) AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  CROSS JOIN LATERAL (SELECT (e.event -> 'timestamp')::bigint AS at, u.position + e.k - 1 AS position) AS t
  WHERE t.at >= voidable."from" AND t.at < voidable."to"
    AND NOT EXISTS (
      SELECT FROM earlier AS v WHERE t.at >= v."from" AND t.at < v."to" AND t.position <= v.upto_position)
  GROUP BY u.month, u.key_id
  ORDER BY u.month, u.key_id
$$;

-- For projections that count requests one by one: how corrections (log.voids) come into what they count.
--
-- Applied is after < position <= upto. `foresight` is the position up to which voids are known from the first event on: a rebuild or a
-- replay never counts what a void takes later anyway, and so need not read it again, which it could not once those months are
-- archived. A void beyond the foresight is news when its position is reached: the days that it touches are then counted
-- again, from the log. Both ways, and wherever the cuts lie, the same requests are counted in the end.

-- The voids that matter to a cut: known, and reaching into it; or news.
CREATE OR REPLACE FUNCTION log.voids_of_cut(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (
  project_id uuid, mode text, "from" bigint, "to" bigint, upto_position bigint, is_news boolean,
  first_day bigint, last_day bigint -- since 1970, UTC
)
LANGUAGE sql
STABLE
AS $$
  SELECT v.project_id, v.mode, v."from", v."to", v.upto_position,
    v.position > greatest(voids_of_cut.after, voids_of_cut.foresight),
    v."from" / 86400000, (v."to" - 1) / 86400000
  FROM log.voids AS v
  WHERE v.shard = voids_of_cut.shard AND v.position <= greatest(voids_of_cut.upto, voids_of_cut.foresight)
    AND (v.upto_position > voids_of_cut.after OR v.position > greatest(voids_of_cut.after, voids_of_cut.foresight))
$$;

-- The requests that count now, of the projects and modes that log.voids_of_cut() names: the cut's own, and those of the days
-- counted again, however long ago they were recorded. Without voids, which is nearly always, it costs one look at an index. In
-- PL/pgSQL, so that the statements that call it are planned as if it gave nothing.
CREATE OR REPLACE FUNCTION log.read_corrected(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (
  project_id uuid, mode text, key_id uuid, recorded_at timestamptz, "position" bigint, id uuid, ordinal integer, event jsonb
)
LANGUAGE plpgsql
STABLE
ROWS 1
AS $$
#variable_conflict use_column
DECLARE
  start bigint := (
    SELECT CASE WHEN bool_or(c.is_news) THEN 0 ELSE read_corrected.after END
    FROM log.voids_of_cut(
      read_corrected.shard, read_corrected.after, read_corrected.upto, read_corrected.foresight) AS c
    HAVING count(*) > 0);
BEGIN
  IF start IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH voids AS MATERIALIZED (
    SELECT v.project_id, v.mode, v."from", v."to", v.upto_position
    FROM log.voids AS v
    WHERE v.shard = read_corrected.shard AND v.position <= greatest(read_corrected.upto, read_corrected.foresight)
  ), concerned AS MATERIALIZED (
    SELECT c.*
    FROM log.voids_of_cut(
      read_corrected.shard, read_corrected.after, read_corrected.upto, read_corrected.foresight) AS c
  ), units AS (
    SELECT u.*
    FROM log.read_units(read_corrected.shard, start, read_corrected.upto) AS u
    WHERE u.type = 'request_tracked'
      AND EXISTS (
        SELECT FROM concerned AS c
        WHERE c.project_id = u.project_id AND c.mode = u.mode
          AND (u.position > read_corrected.after
            OR c.is_news
              AND u.month BETWEEN log.month_of(c.first_day * 86400000) AND log.month_of(c.last_day * 86400000)))
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event
  )
  SELECT u.project_id, u.mode, u.key_id, u.recorded_at, t.position,
    coalesce(u.unit -> 'event_ids' ->> (e.k - 1)::integer, u.unit ->> 'batch_id')::uuid,
    CASE
      WHEN u.unit ? 'event_ids' THEN 0
      ELSE coalesce((u.unit -> 'ordinals' ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer)
    END,
    e.event
  FROM units AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  CROSS JOIN LATERAL (SELECT (e.event -> 'timestamp')::bigint AS at, u.position + e.k - 1 AS position) AS t
  WHERE (t.position > read_corrected.after
      OR EXISTS (
        SELECT FROM concerned AS c
        WHERE c.is_news AND c.project_id = u.project_id AND c.mode = u.mode
          AND t.at / 86400000 BETWEEN c.first_day AND c.last_day))
    AND NOT EXISTS (
      SELECT FROM voids AS v
      WHERE v.project_id = u.project_id AND v.mode = u.mode
        AND t.at >= v."from" AND t.at < v."to" AND t.position <= v.upto_position);
END
$$;

-- The projects whose detail ends later from a cut on, after < position <= upto: the furthest `before` that retention_applied sets for
-- each. For projections that keep detail; what they keep is a function of the furthest one alone, so that it does not matter
-- where the cuts lie, or whether a late event comes before or after it.
CREATE OR REPLACE FUNCTION log.retention_of_cut(shard integer, after bigint, upto bigint)
RETURNS TABLE (project_id uuid, "before" timestamptz)
LANGUAGE sql
STABLE
AS $$
  SELECT u.project_id, to_timestamp(max((u.data -> 0 -> 'before')::bigint) / 1000)
  FROM log.read_units(retention_of_cut.shard, retention_of_cut.after, retention_of_cut.upto) AS u
  WHERE u.type = 'retention_applied'
  GROUP BY u.project_id
$$;

-- What the append decides about one unit; internal to log.append().
DO $$
BEGIN
  CREATE TYPE log.decision AS (
    unit integer, -- its place in the call, from 1
    text integer, -- which of the call's texts holds its events
    account_id uuid, project_id uuid, key_id uuid, mode text, month text, metered boolean,
    scope uuid, id uuid, digest bigint,
    given integer, -- events in the unit
    invalid integer, -- events the server turned away before; only tallied here
    repeated integer, -- events that repeat another of the same call; only tallied here
    ordinals integer[], -- of the given events in their request; NULL: 0, 1, 2, …
    outside integer[], -- ordinals whose timestamp has left the acceptance window since they may have been accepted
    seen boolean, -- its id is known, with the same digest
    conflict boolean, -- its id is known, with another digest
    seen_position bigint, seen_accepted int4multirange,
    candidates integer, -- events that are new
    accepted integer, -- of these, how many the quota has room for: always the first ones
    used bigint, quota bigint, -- of the meter, after this unit
    "position" bigint -- of its first accepted event; of a duplicate, the position it first got
  );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

-- What the append answers for each unit, in the order given. The ordinals are NULL where all or none of the unit's
-- events had that outcome.
DO $$
BEGIN
  CREATE TYPE log.outcome AS (
    unit integer, "position" bigint, accepted integer, duplicates integer, refused integer, conflict boolean,
    duplicate_ordinals integer[], refused_ordinals integer[], used bigint, quota bigint
  );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

-- How many events of a unit had been accepted before.
CREATE OR REPLACE FUNCTION log.duplicates(d log.decision) RETURNS integer
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT CASE
    WHEN NOT (d).seen THEN 0
    ELSE (d).given - (d).candidates
      + (SELECT count(*)::integer FROM unnest((d).outside) AS o WHERE coalesce(o <@ (d).seen_accepted, true))
  END
$$;

-- The ordinals of a unit's events that have not been accepted before, in order.
CREATE OR REPLACE FUNCTION log.candidate_ordinals(d log.decision) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT array_agg(o ORDER BY o)
  FROM unnest(coalesce((d).ordinals, ARRAY(SELECT generate_series(0, (d).given - 1)))) AS o
  WHERE NOT coalesce(o <@ (d).seen_accepted, (d).seen)
$$;

-- A unit's text reduced to its accepted events, which then no longer stand at their index: their ordinals are stored.
CREATE OR REPLACE FUNCTION log.reduce_unit(unit text, d log.decision) RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
  WITH kept AS (
    SELECT o FROM unnest((log.candidate_ordinals(d))[: (d).accepted]) AS o
  ), events AS (
    SELECT coalesce((d).ordinals[k], (k - 1)::integer) AS ordinal, event
    FROM jsonb_array_elements(unit::jsonb -> 'data') WITH ORDINALITY AS e (event, k)
  )
  SELECT (unit::jsonb || jsonb_build_object(
    'ordinals', jsonb_agg(e.ordinal ORDER BY e.ordinal), 'data', jsonb_agg(e.event ORDER BY e.ordinal)))::text
  FROM events AS e JOIN kept ON kept.o = e.ordinal
$$;

-- A unit that single events share, reduced to those that were accepted, in order.
CREATE OR REPLACE FUNCTION log.reduce_shared_unit(unit text, accepted boolean[]) RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
  WITH kept AS (
    SELECT k, event, unit::jsonb -> 'event_ids' -> (k - 1)::integer AS id
    FROM jsonb_array_elements(unit::jsonb -> 'data') WITH ORDINALITY AS e (event, k)
    WHERE accepted[k]
  )
  SELECT (unit::jsonb
    || CASE WHEN unit::jsonb ? 'event_ids' THEN jsonb_build_object('event_ids', jsonb_agg(k.id ORDER BY k.k)) ELSE '{}' END
    || jsonb_build_object('data', jsonb_agg(k.event ORDER BY k.k)))::text
  FROM kept AS k
$$;

-- The ordinals that this append accepts of a unit.
CREATE OR REPLACE FUNCTION log.accepted_ordinals(d log.decision) RETURNS int4multirange
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT range_agg(int4range(o, o, '[]')) FROM unnest((log.candidate_ordinals(d))[: (d).accepted]) AS o
$$;

-- Decides every unit of an append at once: seen before? within the quota? Called under the head's row lock, which makes its
-- reads of event_ids and meters final.
--
-- The quota is decided here and not in Swift, because only here is the meter's row certain (promise 5). The same rules
-- stand as pure values in Sources/Domain/Meter, and a test feeds both the same random sequences.
CREATE OR REPLACE FUNCTION log.decide(
  shard integer, after bigint, this_month date, controls jsonb
)
RETURNS log.decision[]
LANGUAGE plpgsql -- keeps its plans; a function in SQL would be planned anew at each append
STABLE
AS $$
BEGIN
  RETURN (
  WITH given AS (
    SELECT u.k::integer AS unit, c.*
    FROM jsonb_array_elements(decide.controls) WITH ORDINALITY AS u (control, k)
    CROSS JOIN LATERAL jsonb_to_record(u.control) AS c (
      text integer, account_id uuid, project_id uuid, key_id uuid, mode text, month text,
      scope uuid, id uuid, digest bigint, given integer, invalid integer, repeated integer, ordinals integer[], outside integer[])
  ), looked_up AS (
    SELECT g.*, s.position AS seen_position, s.digest AS seen_digest, s.accepted AS seen_accepted,
      s.position IS NOT NULL AS known
    FROM given AS g
    LEFT JOIN LATERAL (
      -- LIMIT makes the planner probe the index per unit whatever it believes about the table's size.
      SELECT i.position, i.digest, i.accepted
      FROM log.event_ids AS i
      WHERE i.shard = decide.shard AND i.scope = g.scope AND i.id = g.id
        -- Leaves out, before any is touched, the partitions that can't hold it: those made ahead, and those of months whose
        -- events have left the acceptance window.
        AND i.recorded_month BETWEEN decide.this_month - interval '2 months' AND decide.this_month
      LIMIT 1
    ) AS s ON true
  ), counted AS (
    SELECT l.*,
      CASE
        WHEN NOT l.known THEN l.given
        WHEN l.seen_digest <> l.digest OR l.seen_accepted IS NULL THEN 0
        ELSE (
          SELECT count(*)::integer
          FROM unnest(coalesce(l.ordinals, ARRAY(SELECT generate_series(0, l.given - 1)))) AS o
          WHERE NOT o <@ l.seen_accepted)
      END AS candidates
    FROM looked_up AS l
  ), metered AS (
    SELECT c.*, coalesce(m.used, 0) AS used,
      coalesce(m.quota, CASE c.mode WHEN 'live' THEN q.monthly_quota ELSE q.test_quota END) AS quota,
      -- Telemetry is metered, live and test apart; domain events have no mode.
      c.mode IS NOT NULL AS metered,
      -- What the units before this one would take if there were room for all: room is used up in order.
      sum(c.candidates) OVER (PARTITION BY c.account_id, c.month, c.mode ORDER BY c.unit) - c.candidates AS before
    FROM counted AS c
    LEFT JOIN log.quotas AS q ON q.shard = decide.shard AND q.account_id = c.account_id AND c.mode IS NOT NULL
    LEFT JOIN log.meters AS m
      ON m.shard = decide.shard AND m.account_id = c.account_id AND m.month = c.month AND m.mode = c.mode
  ), fitted AS (
    SELECT m.*,
      CASE
        -- An account without a quota may use nothing: a missing row must never mean "unlimited".
        WHEN m.metered THEN least(m.candidates, greatest(0, coalesce(m.quota, 0) - m.used - m.before))::integer
        ELSE m.candidates
      END AS accepted
    FROM metered AS m
  ), placed AS (
    SELECT f.*, decide.after + 1 + sum(f.accepted) OVER (ORDER BY f.unit) - f.accepted AS first_position
    FROM fitted AS f
  )
  SELECT array_agg(ROW(
    p.unit, coalesce(p.text, p.unit), p.account_id, p.project_id, p.key_id, p.mode, p.month, p.metered, p.scope, p.id, p.digest,
    p.given, coalesce(p.invalid, 0), coalesce(p.repeated, 0), p.ordinals, p.outside,
    p.known AND p.seen_digest = p.digest, p.known AND p.seen_digest <> p.digest, p.seen_position, p.seen_accepted,
    p.candidates, p.accepted,
    -- More than the quota was used where it was lowered since.
    greatest(p.used, least(coalesce(p.quota, 0), p.used + p.before + p.accepted)), p.quota,
    CASE WHEN p.accepted > 0 OR NOT p.known THEN p.first_position ELSE p.seen_position END
  )::log.decision ORDER BY p.unit)
  FROM placed AS p);
END
$$;

-- Optimistic concurrency (promise 4): each domain event of the append must take the version right after its stream's last.
CREATE OR REPLACE FUNCTION log.check_stream_versions(shard integer, controls jsonb) RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  stale record;
BEGIN
  SELECT g.stream, g.stream_version, g.k + coalesce(v.version, 0) AS expected INTO stale
  FROM (
    SELECT c.stream, c.stream_version, row_number() OVER (PARTITION BY c.stream ORDER BY u.k) AS k
    FROM jsonb_array_elements(check_stream_versions.controls) WITH ORDINALITY AS u (control, k)
    CROSS JOIN LATERAL jsonb_to_record(u.control) AS c (stream text, stream_version integer)
    WHERE u.control ? 'stream'
  ) AS g
  LEFT JOIN LATERAL (
    SELECT s.version FROM log.stream_versions AS s
    WHERE s.shard = check_stream_versions.shard AND s.stream = g.stream
    ORDER BY s.version DESC
    LIMIT 1
  ) AS v ON true
  WHERE g.stream_version <> g.k + coalesce(v.version, 0)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'RC409',
      MESSAGE = format('stream %s is not at the expected version: its next is %s, the append brought %s',
        stale.stream, stale.expected, stale.stream_version);
  END IF;
END
$$;

-- The events that follow from an append's decisions and belong in the same transaction, as units without a position:
-- crossings of 80% and 100% of a live meter, once a month each, and the tally of what was not accepted beside what was, so that
-- received = accepted + duplicate + refused + invalid can be recounted from the log.
--
-- Of a key and month that nothing was accepted of, nothing is written here: a client that is wrong a thousand times would fill the
-- log. The caller sees it from the outcomes, tallies it in memory and appends the tally once a minute (IntakeTallies.swift). One of the
-- last release keeps no tally: for it all is written here (`tallies_all`), while a rolling upgrade lasts.
DROP FUNCTION IF EXISTS log.follow_ups(integer, log.decision[]); -- as an older release made it
CREATE OR REPLACE FUNCTION log.follow_ups(shard integer, decided log.decision[], tallies_all boolean)
RETURNS SETOF jsonb
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
  RETURN QUERY
  WITH metered AS (
    SELECT d.account_id, d.month, sum(d.accepted) AS accepted, max(d.quota) AS quota
    FROM unnest(follow_ups.decided) AS d
    WHERE d.mode = 'live'
    GROUP BY d.account_id, d.month
    HAVING sum(d.accepted) > 0
  ), meters AS (
    SELECT t.account_id, t.month, t.quota, coalesce(m.used, 0) + t.accepted AS used,
      coalesce(m.threshold_reached, false) AS threshold_reached, coalesce(m.exceeded, false) AS exceeded
    FROM metered AS t
    LEFT JOIN log.meters AS m
      ON m.shard = follow_ups.shard AND m.account_id = t.account_id AND m.month = t.month AND m.mode = 'live'
  ), tallies AS (
    SELECT d.account_id, d.project_id, d.key_id, d.mode, d.month,
      sum(d.repeated + CASE WHEN d.seen THEN log.duplicates(d) ELSE 0 END) AS duplicates,
      sum(CASE WHEN d.conflict THEN 0 ELSE d.candidates - d.accepted END) AS refused,
      sum(d.invalid
        + CASE WHEN d.conflict THEN d.given ELSE 0 END
        -- Outside the window: invalid, unless they were accepted while they were in time.
        + coalesce(cardinality(d.outside), 0)
        - CASE WHEN d.seen AND d.outside IS NOT NULL THEN log.duplicates(d) - (d.given - d.candidates) ELSE 0 END
      ) AS invalid
    FROM unnest(follow_ups.decided) AS d
    WHERE d.project_id IS NOT NULL
    GROUP BY d.account_id, d.project_id, d.key_id, d.mode, d.month
    HAVING sum(d.accepted) > 0 OR follow_ups.tallies_all
  )
  SELECT jsonb_build_object(
    'type', 'intake_tallied', 'version', 2, 'account_id', t.account_id, 'project_id', t.project_id,
    'key_id', t.key_id, 'mode', t.mode, 'month', t.month,
    'data', jsonb_build_array(jsonb_build_object(
      'duplicates', t.duplicates, 'refused', t.refused, 'invalid', t.invalid, 'throttled', 0)))
  FROM tallies AS t
  WHERE t.duplicates + t.refused + t.invalid > 0
  UNION ALL
  SELECT jsonb_build_object(
    'type', crossing.type, 'version', 1, 'account_id', m.account_id, 'month', m.month,
    'data', jsonb_build_array(jsonb_build_object('used', m.used, 'limit', m.quota, 'percent', crossing.percent)))
  FROM meters AS m
  CROSS JOIN LATERAL (
    VALUES ('quota_threshold_reached', 80, m.threshold_reached), ('quota_exceeded', 100, m.exceeded)
  ) AS crossing (type, percent, already)
  WHERE NOT crossing.already AND m.used * 100 >= m.quota * crossing.percent;
END
$$;

-- Moves what later appends decide by when domain events come in: streams' versions, the quotas that they set, and the requests that
-- they void. Part of log.append().
CREATE OR REPLACE FUNCTION log.remember_streams(
  shard integer, appended_at timestamptz, controls jsonb, units text[], decided log.decision[]
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO log.stream_versions (shard, stream, version, position)
  SELECT remember_streams.shard, u.control ->> 'stream', (u.control ->> 'stream_version')::integer, d.position
  FROM jsonb_array_elements(remember_streams.controls) WITH ORDINALITY AS u (control, k)
  JOIN unnest(remember_streams.decided) AS d ON d.unit = u.k
  WHERE u.control ? 'stream' AND d.accepted > 0;

  -- Any domain event that carries `monthly_quota` sets its account's quotas from its position on: for the month it was
  -- recorded in and those to come. Past months keep the quota they were decided by.
  INSERT INTO log.quotas (shard, account_id, monthly_quota, test_quota)
  SELECT DISTINCT ON (d.account_id)
    remember_streams.shard, d.account_id, (remember_streams.units[d.unit]::jsonb -> 'data' -> 0 ->> 'monthly_quota')::bigint,
    log.test_quota(remember_streams.units[d.unit]::jsonb -> 'data' -> 0 ->> 'tier')
  FROM unnest(remember_streams.decided) AS d
  WHERE d.accepted > 0 AND remember_streams.controls -> (d.unit - 1) ? 'stream'
    AND remember_streams.units[d.unit]::jsonb -> 'data' -> 0 ? 'monthly_quota'
  ORDER BY d.account_id, d.unit DESC
  ON CONFLICT (shard, account_id) DO UPDATE
  SET monthly_quota = excluded.monthly_quota, test_quota = excluded.test_quota;

  UPDATE log.meters AS m
  SET quota = CASE m.mode WHEN 'live' THEN q.monthly_quota ELSE q.test_quota END
  FROM log.quotas AS q
  WHERE q.shard = remember_streams.shard AND m.shard = q.shard AND m.account_id = q.account_id
    AND q.account_id IN (SELECT d.account_id FROM unnest(remember_streams.decided) AS d)
    AND m.month >= to_char(remember_streams.appended_at AT TIME ZONE 'UTC', 'YYYY-MM')
    AND m.quota <> CASE m.mode WHEN 'live' THEN q.monthly_quota ELSE q.test_quota END;

  -- What is voided leaves the numbers. Only where the event says so does it free its place under the quota of the month it was charged
  -- to: else whoever voids could use the quota again. A crossing of the quota stays recorded: it is announced once a month,
  -- whatever is voided.
  INSERT INTO log.voids (shard, position, void_id, project_id, mode, "from", "to", upto_position)
  SELECT remember_streams.shard, d.position, v.void_id, v.project_id, v.mode, v."from", v."to", v.upto_position
  FROM unnest(remember_streams.decided) AS d
  CROSS JOIN LATERAL jsonb_to_record(remember_streams.units[d.unit]::jsonb -> 'data' -> 0) AS v (
    void_id uuid, project_id uuid, mode text, "from" bigint, "to" bigint, upto_position bigint)
  WHERE d.accepted > 0 AND remember_streams.units[d.unit]::jsonb ->> 'type' = 'telemetry_voided';

  UPDATE log.meters AS m
  SET used = m.used - v.events
  FROM (
    SELECT d.account_id, c.month, u.unit -> 'data' -> 0 ->> 'mode' AS mode, sum(c.events) AS events
    FROM unnest(remember_streams.decided) AS d
    CROSS JOIN LATERAL (
      SELECT w.unit || jsonb_build_object(
        'data', log.upcast(w.unit ->> 'type', (w.unit ->> 'version')::integer, w.unit -> 'data')) AS unit
      FROM (SELECT remember_streams.units[d.unit]::jsonb AS unit) AS w
    ) AS u
    CROSS JOIN LATERAL jsonb_to_recordset(u.unit -> 'data' -> 0 -> 'counts') AS c (month text, events bigint)
    WHERE d.accepted > 0 AND u.unit ->> 'type' = 'telemetry_voided'
      AND (u.unit -> 'data' -> 0 ->> 'gives_back_quota')::boolean
    GROUP BY d.account_id, c.month, u.unit -> 'data' -> 0 ->> 'mode'
  ) AS v
  WHERE m.shard = remember_streams.shard AND m.account_id = v.account_id AND m.month = v.month AND m.mode = v.mode;
END
$$;

-- Moves what later appends of telemetry decide by: ids and meters. Part of log.append().
DROP FUNCTION IF EXISTS log.remember(integer, timestamptz, log.decision[]); -- as an older release made it
CREATE OR REPLACE FUNCTION log.remember(
  shard integer, appended_at timestamptz, decided log.decision[],
  tallies_all boolean -- as in log.follow_ups
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  -- One row per id: a request of many may come as several units (one per month), which share its batch_id.
  INSERT INTO log.event_ids (shard, scope, id, recorded_month, position, digest, accepted)
  SELECT remember.shard, g.scope, g.id, date_trunc('month', remember.appended_at AT TIME ZONE 'UTC')::date,
    g.position, g.digest,
    CASE WHEN g.partly THEN (
      SELECT range_agg(r)
      FROM unnest(remember.decided) AS d, unnest(log.accepted_ordinals(d)) AS r
      WHERE d.scope = g.scope AND d.id = g.id)
    END
  FROM (
    SELECT d.scope, d.id, min(d.digest) AS digest, min(d.position) FILTER (WHERE d.accepted > 0) AS position,
      bool_or(d.accepted < d.given OR d.outside IS NOT NULL) AS partly
    FROM unnest(remember.decided) AS d
    WHERE d.id IS NOT NULL AND NOT d.seen AND NOT d.conflict
    GROUP BY d.scope, d.id
    HAVING sum(d.accepted) > 0
  ) AS g
  ORDER BY g.scope, g.id;

  -- A retry of a partly refused request got some more of its events in.
  IF EXISTS (SELECT FROM unnest(remember.decided) AS d WHERE d.seen AND d.accepted > 0) THEN
    UPDATE log.event_ids AS i
    -- Into this month's partition: what was too far ahead at first outlives the month that the id was first recorded in.
    SET accepted = i.accepted + g.accepted,
      recorded_month = date_trunc('month', remember.appended_at AT TIME ZONE 'UTC')::date
    FROM (
      SELECT d.scope, d.id, range_agg(r) AS accepted
      FROM unnest(remember.decided) AS d, unnest(log.accepted_ordinals(d)) AS r
      WHERE d.seen AND d.accepted > 0
      GROUP BY d.scope, d.id
    ) AS g
    WHERE i.shard = remember.shard AND i.scope = g.scope AND i.id = g.id;
  END IF;

  INSERT INTO log.meters AS m (shard, account_id, month, used, quota, refused, threshold_reached, exceeded, mode)
  SELECT remember.shard, k.account_id, k.month, sum(k.accepted),
    -- An append that waited while a migration gave test events their meters has been decided by the rules of before, which let them
    -- by: NULL makes it fail, to be sent again, where counting on would lose them.
    CASE WHEN bool_and(k.is_metered) THEN coalesce(max(k.quota), 0) END,
    sum(k.refused),
    k.mode = 'live' AND max(k.used) * 100 >= coalesce(max(k.quota), 0) * 80,
    k.mode = 'live' AND max(k.used) >= coalesce(max(k.quota), 0),
    k.mode
  FROM (
    SELECT d.account_id, d.month, d.mode, sum(d.accepted) AS accepted, sum(d.candidates - d.accepted) AS refused,
      max(d.quota) AS quota, max(d.used) AS used, bool_and(d.metered) AS is_metered
    FROM unnest(remember.decided) AS d
    WHERE d.mode IS NOT NULL
    GROUP BY d.account_id, d.project_id, d.key_id, d.mode, d.month
    -- What was refused counts with the tally that says so, which is written here for just these (log.follow_ups), or comes
    -- later (log.remember_tallies).
    HAVING sum(d.accepted) > 0 OR remember.tallies_all AND sum(d.candidates) > 0
  ) AS k
  GROUP BY k.account_id, k.month, k.mode
  ORDER BY k.account_id, k.month, k.mode
  ON CONFLICT (shard, account_id, month, mode) DO UPDATE
  SET used = m.used + excluded.used,
    refused = m.refused + excluded.refused,
    threshold_reached = m.threshold_reached OR excluded.threshold_reached,
    exceeded = m.exceeded OR excluded.exceeded;
END
$$;

-- Moves the meters by what a minute's tallies say was refused: the units of an append of nothing but intake_tallied. Part of
-- log.append().
CREATE OR REPLACE FUNCTION log.remember_tallies(shard integer, units text[]) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO log.meters AS m (shard, account_id, month, used, quota, refused, threshold_reached, exceeded, mode)
  SELECT remember_tallies.shard, t.account_id, t.month, 0,
    coalesce(CASE t.mode WHEN 'live' THEN q.monthly_quota ELSE q.test_quota END, 0), t.refused, false, false, t.mode
  FROM (
    SELECT u.account_id, u.month, u.mode, sum((u.data -> 0 ->> 'refused')::bigint) AS refused
    FROM unnest(remember_tallies.units) AS g (unit)
    CROSS JOIN LATERAL jsonb_to_record(g.unit::jsonb) AS u (account_id uuid, month text, mode text, data jsonb)
    GROUP BY u.account_id, u.month, u.mode
    HAVING sum((u.data -> 0 ->> 'refused')::bigint) > 0
  ) AS t
  LEFT JOIN log.quotas AS q ON q.shard = remember_tallies.shard AND q.account_id = t.account_id
  ORDER BY t.account_id, t.month, t.mode
  ON CONFLICT (shard, account_id, month, mode) DO UPDATE SET refused = m.refused + excluded.refused;
END
$$;

-- The only way into the log. One call is one transaction's append to one shard:
--   1. take the head's row lock: from here on this shard is ours until the commit;
--   2. decide every unit: duplicate, refused or accepted (log.decide);
--   3. write one batch with the accepted events and what follows from them (log.follow_ups), linked to the chain;
--   4. remember ids, move meters, versions and the head; an append that accepts nothing writes nothing;
--   5. answer for each unit what became of it.
--
-- `units` are the texts of JSON objects, each with a `data` array of events. They come as text because the position still has to
-- go in: so each event is parsed once, in its batch. `controls` says what to decide them by (see log.decision): one for each
-- unit in the same order, or one for each event of a unit that single events share, each saying with `text` which it is. A
-- domain event's control has `stream` and `stream_version`, that of a minute's tally (intake_tallied) `tally`; neither is ever
-- appended together with telemetry.
--
-- SECURITY DEFINER: the serving role owns nothing and may write nothing but what this function writes (promise 1).
-- Errors: RC001 no such shard; RC409 a stream is not at the expected version (load it again and re-decide);
-- RC500 a unit's text does not hold the events its control promises.
CREATE OR REPLACE FUNCTION log.append(shard integer, controls jsonb, units text[])
RETURNS SETOF log.outcome
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning anew at each append costs more than the append
AS $$
DECLARE
  head log.heads%ROWTYPE;
  decided log.decision[];
  follow_ups jsonb[] := '{}';
  appended_at timestamptz;
  batch jsonb;
  batch_start bigint;
  batch_end bigint;
  telemetry_end bigint;
  accepted bigint;
  has_consequences boolean;
  has_streams boolean := append.controls -> 0 ? 'stream';
  has_tallies boolean := append.controls -> 0 ? 'tally';
  -- Servers of the last release say of their telemetry whether it is `metered`; this one's never do. Those keep no tallies.
  tallies_all boolean := append.controls -> 0 ? 'metered';
  link bytea;
BEGIN
  SELECT h.* INTO head FROM log.heads AS h WHERE h.shard = append.shard FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = format('shard %s does not exist in this log', append.shard);
  END IF;
  IF has_streams THEN
    PERFORM log.check_stream_versions(append.shard, append.controls);
  END IF;

  -- A clock that jumps back must not disorder the log.
  appended_at := greatest(clock_timestamp(), head.recorded_at);
  decided := log.decide(
    append.shard, head.last_position, date_trunc('month', appended_at AT TIME ZONE 'UTC')::date, append.controls);
  -- Nearly every append is of new telemetry, all of it within the quota: then nothing follows from it.
  SELECT coalesce(sum(d.accepted), 0),
    bool_or(d.seen OR d.conflict OR d.accepted < d.given OR d.invalid > 0 OR d.repeated > 0 OR d.outside IS NOT NULL
      OR d.mode = 'live' AND d.used * 100 >= d.quota * 80)
  INTO accepted, has_consequences
  FROM unnest(decided) AS d;
  IF has_consequences THEN
    follow_ups := ARRAY(SELECT log.follow_ups(append.shard, decided, tallies_all));
  END IF;
  batch_start := head.last_position + 1;
  telemetry_end := head.last_position + accepted;
  batch_end := telemetry_end + cardinality(follow_ups);

  IF batch_end >= batch_start THEN
    SELECT ('[' || string_agg('{"position": ' || p.position || ', ' || substr(p.body, 2), ', ' ORDER BY p.position) || ']')
      ::jsonb
    INTO batch
    FROM (
      SELECT min(d.position) FILTER (WHERE d.accepted > 0),
        CASE
          WHEN sum(d.accepted) = sum(d.given) THEN append.units[d.text]
          WHEN count(*) = 1 THEN log.reduce_unit(append.units[d.text], (array_agg(d))[1])
          ELSE log.reduce_shared_unit(append.units[d.text], array_agg(d.accepted = 1 ORDER BY d.unit))
        END
      FROM unnest(decided) AS d
      GROUP BY d.text
      HAVING sum(d.accepted) > 0
      UNION ALL
      SELECT telemetry_end + f.k, f.unit::text FROM unnest(follow_ups) WITH ORDINALITY AS f (unit, k)
    ) AS p (position, body);
    -- A wrong count would shift every later position: better to lose this append, loudly, than the log.
    IF (SELECT sum(jsonb_array_length(u -> 'data')) FROM jsonb_array_elements(batch) AS u)
      <> batch_end - head.last_position
    THEN
      RAISE EXCEPTION USING ERRCODE = 'RC500', MESSAGE = 'the units do not hold the number of events their controls give';
    END IF;

    link := log.batch_hash(
      head.last_hash, append.shard, batch_start, batch_end, appended_at, batch::text);
    INSERT INTO log.batches (shard, first_position, last_position, recorded_at, hash, events)
    VALUES (append.shard, batch_start, batch_end, appended_at, link, batch);

    PERFORM log.remember(append.shard, appended_at, decided, tallies_all);
    IF has_streams THEN
      PERFORM log.remember_streams(append.shard, appended_at, append.controls, append.units, decided);
    END IF;
    IF has_tallies THEN
      PERFORM log.remember_tallies(append.shard, append.units);
    END IF;
    UPDATE log.heads AS h
    SET last_position = batch_end, last_hash = link, recorded_at = appended_at
    WHERE h.shard = append.shard;
  END IF;

  RETURN QUERY
  SELECT d.unit, d.position, d.accepted,
    CASE WHEN d.seen THEN log.duplicates(d) ELSE 0 END,
    CASE WHEN d.conflict THEN 0 ELSE d.candidates - d.accepted END,
    d.conflict,
    CASE WHEN d.seen AND (d.candidates > 0 OR d.outside IS NOT NULL) THEN (
      SELECT array_agg(o ORDER BY o)
      FROM unnest(coalesce(d.ordinals, ARRAY(SELECT generate_series(0, d.given - 1))) || d.outside) AS o
      WHERE coalesce(o <@ d.seen_accepted, true))
    END,
    CASE WHEN d.accepted < d.candidates THEN (log.candidate_ordinals(d))[d.accepted + 1 :] END,
    d.used, d.quota
  FROM unnest(decided) AS d;
END
$$;

-- Returns when everything that was committed before the call is on disk (and on the synchronous standbys, where there are
-- any). Appends commit with synchronous_commit off, so that a shard's head lock is not held while the disk turns; each is
-- acknowledged only after such a flush, one for all appends of all shards that came in meanwhile (promise 8).
--
-- The message itself is nothing: what counts is that this transaction writes WAL, commits with synchronous_commit on, and that
-- the WAL is flushed in order.
CREATE OR REPLACE FUNCTION log.flush() RETURNS void
LANGUAGE sql
VOLATILE
AS $$
  -- Whatever the database or the role is set to; stricter settings, such as remote_apply, stay.
  SELECT set_config('synchronous_commit',
    CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true);
  SELECT pg_logical_emit_message(true, 'recount', '')
$$;

-- Where a bounded step along a shard's chain ends: the last batch that ends within `step` events after `after`, or else the next
-- one, however large it is. No row at the end of the log, which is never looked for beyond `upto`. Verification and export walk
-- by it, so that neither holds more than a step in memory.
CREATE OR REPLACE FUNCTION log.chain_end(shard integer, after bigint, upto bigint, step bigint)
RETURNS TABLE (last_position bigint, hash bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT b.last_position, b.hash
  FROM log.batches_at_hand AS b
  WHERE b.shard = chain_end.shard
    AND b.last_position > chain_end.after AND b.last_position <= chain_end.upto
    AND b.last_position <= greatest(chain_end.after + chain_end.step, (
      SELECT min(n.last_position) FROM log.batches_at_hand AS n
      WHERE n.shard = chain_end.shard AND n.last_position > chain_end.after))
  ORDER BY b.last_position DESC
  LIMIT 1
$$;

-- The link that the batch holding `position` hangs on: where the batch before it ends, and that one's hash. Position 0 and 32
-- zero bytes where there is none before.
CREATE OR REPLACE FUNCTION log.chain_before(shard integer, "position" bigint)
RETURNS TABLE (last_position bigint, hash bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT l.last_position, l.hash
  FROM (
    (SELECT b.last_position, b.hash
    FROM log.batches_at_hand AS b
    WHERE b.shard = chain_before.shard AND b.last_position < chain_before.position
    ORDER BY b.last_position DESC
    LIMIT 1)
    UNION ALL
    -- Before the first batch at hand of an archive: where the frame before it ends.
    (SELECT f.last_position, f.last_hash
    FROM log.archive_frames AS f
    WHERE f.shard = chain_before.shard AND f.last_position < chain_before.position
    ORDER BY f.last_position DESC
    LIMIT 1)
    UNION ALL
    SELECT 0, decode(repeat('00', 32), 'hex')
  ) AS l
  ORDER BY l.last_position DESC
  LIMIT 1
$$;

-- What is wrong within a batch that its hash does not tell, for whoever rewrites the log can also write its hashes anew; NULL
-- when it holds as many events as its positions say, each unit where the one before ended, each domain event at the version
-- of its stream that log.stream_versions gives it, and each void as log.voids has it.
CREATE OR REPLACE FUNCTION log.fault_of_units(shard integer, first_position bigint, last_position bigint, events jsonb)
RETURNS text
LANGUAGE sql
STABLE
AS $$
  WITH units AS (
    SELECT
      (u ->> 'position')::bigint AS "position",
      jsonb_array_length(u -> 'data') AS event_count,
      u ->> 'stream' AS stream,
      (u ->> 'stream_version')::integer AS stream_version,
      CASE WHEN u ->> 'type' = 'telemetry_voided' THEN u -> 'data' -> 0 END AS void,
      k
    FROM jsonb_array_elements(fault_of_units.events) WITH ORDINALITY AS e (u, k)
  ), placed AS (
    SELECT p.*,
      fault_of_units.first_position + sum(p.event_count) OVER (ORDER BY p.k) - p.event_count AS due
    FROM units AS p
  ), judged AS (
    SELECT sum(p.event_count) AS held,
      bool_and(p.position = p.due) AS in_order,
      min(p.position) FILTER (WHERE p.stream IS NOT NULL AND NOT EXISTS (
        SELECT FROM log.stream_versions AS v
        WHERE v.shard = fault_of_units.shard AND v.stream = p.stream AND v.version = p.stream_version
          AND v.position = p.position)) AS unversioned,
      count(p.void) AS voids,
      min(p.position) FILTER (WHERE p.void IS NOT NULL AND NOT EXISTS (
        SELECT FROM log.voids AS v
        WHERE v.shard = fault_of_units.shard AND v.position = p.position AND v.void_id::text = p.void ->> 'void_id'
          AND v.project_id::text = p.void ->> 'project_id' AND v.mode = p.void ->> 'mode'
          AND v."from" = (p.void ->> 'from')::bigint AND v."to" = (p.void ->> 'to')::bigint
          AND v.upto_position = (p.void ->> 'upto_position')::bigint)) AS unknown_void
    FROM placed AS p
  )
  SELECT CASE
    WHEN j.held IS DISTINCT FROM fault_of_units.last_position - fault_of_units.first_position + 1
      THEN 'it does not hold as many events as its positions say'
    WHEN NOT coalesce(j.in_order, false) THEN 'its events do not stand at the positions that they name'
    WHEN j.unversioned IS NOT NULL THEN format(
      'the event at position %s bears a version of its stream that was not given to it', j.unversioned)
    WHEN j.unknown_void IS NOT NULL THEN format(
      'the void at position %s is missing from log.voids, or another there', j.unknown_void)
    -- A row too many would take requests out of the numbers without an event that says so.
    WHEN j.voids <> (
      SELECT count(*) FROM log.voids AS v
      WHERE v.shard = fault_of_units.shard
        AND v.position BETWEEN fault_of_units.first_position AND fault_of_units.last_position)
      THEN 'log.voids knows of a void in it that it does not hold'
  END
  FROM judged AS j
$$;

-- The data of each unit as text, after < position <= upto, as it was recorded and not lifted to the current version: it must match
-- the schema that it names. In no particular order.
CREATE OR REPLACE FUNCTION log.unit_texts(shard integer, after bigint, upto bigint)
RETURNS TABLE ("position" bigint, type text, version integer, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.position, u.type, u.version, (u.unit -> 'data')::text
  FROM log.read_units(unit_texts.shard, unit_texts.after, unit_texts.upto) AS u
$$;

-- Recomputes the chain over after < position <= upto and returns the first batch of the shard that breaks it, and why; no
-- row when it holds. `previous` is the hash of the batch that ends at `after` (32 zero bytes from the start).
CREATE OR REPLACE FUNCTION log.first_bad_batch(shard integer, after bigint, upto bigint, previous bytea)
RETURNS TABLE (first_position bigint, last_position bigint, recorded_at timestamptz, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH chain AS (
    SELECT b.*,
      lag(b.last_position, 1, first_bad_batch.after) OVER w AS previous_end,
      lag(b.hash, 1, first_bad_batch.previous) OVER w AS previous_hash,
      lag(b.recorded_at, 1, (
        SELECT max(p.recorded_at)
        FROM (
          SELECT h.recorded_at
          FROM log.batches_at_hand AS h
          WHERE h.shard = first_bad_batch.shard AND h.last_position = first_bad_batch.after
          UNION ALL
          SELECT f.recorded_to
          FROM log.archive_frames AS f
          WHERE f.shard = first_bad_batch.shard AND f.last_position = first_bad_batch.after
        ) AS p)) OVER w AS previous_recorded_at
    FROM log.batches_at_hand AS b
    WHERE b.shard = first_bad_batch.shard
      AND b.last_position > first_bad_batch.after AND b.last_position <= first_bad_batch.upto
    WINDOW w AS (ORDER BY b.last_position, b.recorded_at)
  ), judged AS (
    SELECT c.first_position, c.last_position, c.recorded_at,
      CASE
        WHEN c.first_position <> c.previous_end + 1 THEN format(
          'it begins at position %s where %s was due: a batch before it is missing, doubled or moved',
          c.first_position, c.previous_end + 1)
        WHEN c.recorded_at < c.previous_recorded_at THEN 'it was recorded before the batch that it follows'
        WHEN c.hash <> log.batch_hash(
          c.previous_hash, c.shard, c.first_position, c.last_position, c.recorded_at, c.events::text)
          THEN 'its content does not match its hash: it, or the batch before it, was changed after it was written'
        ELSE log.fault_of_units(c.shard, c.first_position, c.last_position, c.events)
      END AS reason
    FROM chain AS c
  )
  SELECT j.first_position, j.last_position, j.recorded_at, j.reason
  FROM judged AS j
  WHERE j.reason IS NOT NULL
  ORDER BY j.last_position
  LIMIT 1
$$;

-- The first thing that the database keeps of an archived stretch, at after < position <= upto, that is not as the archive has it: the copy of
-- a domain event, which deciders load, or a leaf of the Merkle tree; no row when all are. For stretches that the transaction has at
-- hand.
CREATE OR REPLACE FUNCTION log.first_bad_copy(shard integer, after bigint, upto bigint)
RETURNS TABLE (first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH archived AS (
    SELECT (u ->> 'position')::bigint AS position, b.recorded_at, u AS unit
    FROM log.batches_at_hand AS b, jsonb_array_elements(b.events) AS u
    WHERE b.shard = first_bad_copy.shard
      AND b.last_position > first_bad_copy.after AND b.last_position <= first_bad_copy.upto AND u ? 'stream'
  ), kept AS (
    SELECT s.position, s.recorded_at, s.unit
    FROM log.archived_streams AS s
    WHERE s.shard = first_bad_copy.shard AND s.position > first_bad_copy.after AND s.position <= first_bad_copy.upto
  )
  SELECT coalesce(a.position, k.position) AS first_position, coalesce(a.position, k.position),
    CASE
      WHEN k.position IS NULL THEN 'the archive holds this event, but its copy in log.archived_streams is gone'
      WHEN a.position IS NULL THEN 'log.archived_streams holds an event here that the archive does not'
      ELSE 'the copy of this event in log.archived_streams is not what the archive holds'
    END
  FROM archived AS a
  FULL JOIN kept AS k ON k.position = a.position
  WHERE (a.unit, a.recorded_at) IS DISTINCT FROM (k.unit, k.recorded_at)
  UNION ALL
  SELECT coalesce(b.first_position, t.last_position), coalesce(b.last_position, t.last_position),
    'the Merkle tree has another leaf here than the archive holds'
  FROM (
    SELECT h.first_position, h.last_position, h.hash
    FROM log.batches_at_hand AS h
    WHERE h.shard = first_bad_copy.shard
      AND h.last_position > first_bad_copy.after AND h.last_position <= first_bad_copy.upto
  ) AS b
  FULL JOIN (
    SELECT l.last_position, l.hash
    FROM log.tree AS l
    WHERE l.shard = first_bad_copy.shard AND l.level = 0
      AND l.last_position > first_bad_copy.after AND l.last_position <= first_bad_copy.upto
  ) AS t ON t.last_position = b.last_position
  WHERE b.hash IS DISTINCT FROM t.hash
  ORDER BY 1
  LIMIT 1
$$;

-- The first version of a domain stream, at after < position <= upto, that is not one more than the version before it, or whose
-- event the log does not hold there; no row when all streams count 1, 2, 3, … That each domain event has its version
-- is log.first_bad_batch()'s to say: together they make the two the same.
CREATE OR REPLACE FUNCTION log.first_bad_stream_version(shard integer, after bigint, upto bigint)
RETURNS TABLE (first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH counted AS (
    SELECT v.stream, v.version, v.position, row_number() OVER (PARTITION BY v.stream ORDER BY v.position) AS due
    FROM log.stream_versions AS v
    WHERE v.shard = first_bad_stream_version.shard AND v.position <= first_bad_stream_version.upto
  ), found AS (
    SELECT c.*, b.first_position, b.last_position,
      EXISTS (
        SELECT FROM jsonb_array_elements(b.events) AS u
        WHERE (u ->> 'position')::bigint = c.position AND u ->> 'stream' = c.stream
          AND (u ->> 'stream_version')::integer = c.version) AS held
    FROM counted AS c
    LEFT JOIN LATERAL (
      SELECT a.position AS first_position, a.position AS last_position, jsonb_build_array(a.unit) AS events
      FROM log.archived_streams AS a
      WHERE a.shard = first_bad_stream_version.shard AND a.position = c.position
      UNION ALL
      -- The first batch that ends at or after the position is the one that holds it.
      (SELECT n.first_position, n.last_position, n.events
      FROM log.batches AS n
      WHERE n.shard = first_bad_stream_version.shard AND n.last_position >= c.position
      ORDER BY n.last_position
      LIMIT 1)
      LIMIT 1
    ) AS b ON true
    WHERE c.position > first_bad_stream_version.after
  )
  SELECT coalesce(f.first_position, f.position), coalesce(f.last_position, f.position),
    CASE
      WHEN f.version <> f.due THEN format('version %s of stream %s stands where %s was due', f.version, f.stream, f.due)
      ELSE format('version %s of stream %s is not the event at position %s', f.version, f.stream, f.position)
    END
  FROM found AS f
  WHERE f.version <> f.due OR NOT f.held
  ORDER BY f.position
  LIMIT 1
$$;

-- What the walk along the heads can't see: shards that have no head, batches that no head reaches, and copies of domain events
-- where nothing has been archived, which deciders would load instead of the log's. A log has a head for each
-- of its shards from its creation on, and every append moves its head in the transaction that writes its batch.
CREATE OR REPLACE FUNCTION log.stray_batches()
RETURNS TABLE (shard integer, first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  SELECT s.shard, 0::bigint, 0::bigint, 'the log was created with this shard, but its head is gone'
  FROM (SELECT generate_series(0, x.shards - 1) AS shard FROM log.settings AS x) AS s
  WHERE NOT EXISTS (SELECT FROM log.heads AS h WHERE h.shard = s.shard)
  UNION ALL
  SELECT b.shard, min(b.first_position), max(b.last_position),
    'there are events that the head of their shard does not know of: the head was set back, or they did not come in by an append'
  FROM log.batches AS b
  LEFT JOIN log.heads AS h ON h.shard = b.shard
  WHERE b.last_position > coalesce(h.last_position, 0)
  GROUP BY b.shard
  UNION ALL
  SELECT s.shard, min(s.position), max(s.position),
    'log.archived_streams holds events at positions that have not been archived'
  FROM log.archived_streams AS s
  WHERE s.position > coalesce((SELECT max(a.last_position) FROM log.archives AS a WHERE a.shard = s.shard), 0)
  GROUP BY s.shard
  ORDER BY 1
$$;

-- What a stretch of a shard's log says about meters, reduced to what log.fold_meters() needs of it. Facts of stretches that follow
-- one another are added up, so that meters can be recounted however the log is cut, archived months included.
DO $$
BEGIN
  -- An older release's knew of live events alone. Nothing but functions, and what a replay left behind, is made of it.
  IF to_regtype('log.meter_fact') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute AS a JOIN pg_type AS t ON t.typrelid = a.attrelid
    WHERE t.oid = to_regtype('log.meter_fact') AND a.attname = 'mode')
  THEN
    DROP TYPE log.meter_fact CASCADE;
    DROP FUNCTION IF EXISTS log.recount_meters(integer, bigint);
  END IF;
  CREATE TYPE log.meter_fact AS (
    account_id uuid, month text,
    mode text, -- live or test; 'both' of a quota that was set
    quota_position bigint, -- where the account's quotas were set; 0: a sum of usage; -1: a sum of what was given back, negative
    monthly_quota bigint, test_quota bigint, -- of quotas that were set, in the month they were recorded in
    first_position bigint, -- where the month was first used; NULL: not in this stretch
    used bigint, refused bigint, threshold_reached boolean, exceeded boolean
  );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

CREATE OR REPLACE FUNCTION log.meter_facts(shard integer, after bigint, upto bigint)
RETURNS SETOF log.meter_fact
LANGUAGE sql
STABLE
AS $$
  WITH units AS MATERIALIZED (
    SELECT u.position, u.event_count, u.recorded_at, u.type, u.account_id, u.mode, u.month,
      (u.data -> 0 ->> 'refused')::bigint AS refused,
      (u.data -> 0 ->> 'monthly_quota')::bigint AS monthly_quota,
      u.data -> 0 ->> 'tier' AS tier,
      CASE WHEN u.type = 'telemetry_voided' THEN u.data -> 0 END AS void
    FROM log.read_units(meter_facts.shard, meter_facts.after, meter_facts.upto) AS u
  ), usage AS (
    -- Crossings are of live meters, and bear no mode.
    SELECT u.position, u.event_count, u.type, u.account_id, u.month, u.refused, coalesce(u.mode, 'live') AS mode,
      u.type = 'request_tracked' OR u.type = 'intake_tallied' AND u.refused > 0 AS is_use
    FROM units AS u
    WHERE u.type IN ('request_tracked', 'intake_tallied', 'quota_threshold_reached', 'quota_exceeded')
  )
  SELECT u.account_id, u.month, u.mode, 0::bigint, NULL::bigint, NULL::bigint, min(u.position) FILTER (WHERE u.is_use),
    coalesce(sum(u.event_count) FILTER (WHERE u.type = 'request_tracked'), 0)::bigint,
    coalesce(sum(u.refused) FILTER (WHERE u.type = 'intake_tallied'), 0)::bigint,
    bool_or(u.type = 'quota_threshold_reached'), bool_or(u.type = 'quota_exceeded')
  FROM usage AS u
  GROUP BY u.account_id, u.month, u.mode
  UNION ALL
  SELECT u.account_id, c.month, u.void ->> 'mode', -1, NULL, NULL, NULL, -sum(c.events)::bigint, 0, false, false
  FROM units AS u
  CROSS JOIN LATERAL jsonb_to_recordset(u.void -> 'counts') AS c (month text, events bigint)
  WHERE (u.void ->> 'gives_back_quota')::boolean
  GROUP BY u.account_id, c.month, u.void ->> 'mode'
  UNION ALL
  SELECT u.account_id, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM'), 'both', u.position, u.monthly_quota,
    log.test_quota(u.tier), NULL, 0, 0, false, false
  FROM units AS u
  WHERE u.monthly_quota IS NOT NULL AND u.type NOT IN ('request_tracked', 'intake_tallied')
$$;

-- The meters that facts give, those of a whole shard up to some position (promise 7).
--
-- A meter's quota is the one in force when its month was first used, or the last one set in that month or later ones
-- up to now: what log.remember_streams() does step by step.
CREATE OR REPLACE FUNCTION log.fold_meters(shard integer, facts log.meter_fact[])
RETURNS TABLE (
  shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint,
  threshold_reached boolean, exceeded boolean, mode text
)
LANGUAGE sql
STABLE
AS $$
  WITH facts AS MATERIALIZED (
    SELECT f.* FROM unnest(fold_meters.facts) AS f
  ), months AS (
    SELECT f.account_id, f.month, f.mode, min(f.first_position) AS first_position, sum(f.used)::bigint AS used,
      sum(f.refused)::bigint AS refused, bool_or(f.threshold_reached) AS threshold_reached, bool_or(f.exceeded) AS exceeded
    FROM facts AS f
    WHERE f.quota_position <= 0
    GROUP BY f.account_id, f.month, f.mode
    HAVING min(f.first_position) IS NOT NULL
  )
  SELECT fold_meters.shard, m.account_id, m.month, m.used, coalesce(q.quota, 0), m.refused,
    m.threshold_reached, m.exceeded, m.mode
  FROM months AS m
  LEFT JOIN LATERAL (
    SELECT CASE m.mode WHEN 'live' THEN f.monthly_quota ELSE f.test_quota END AS quota
    FROM facts AS f
    WHERE f.account_id = m.account_id AND f.quota_position > 0
      AND (f.quota_position < m.first_position OR f.month <= m.month)
    ORDER BY f.quota_position DESC
    LIMIT 1
  ) AS q ON true
$$;

-- The meters of a shard as the batches at hand give them, up to a position. `recount replay --check`, which goes through the archive
-- as well, adds up the facts itself (Sources/Projector/Recounts/meters).
CREATE OR REPLACE FUNCTION log.recount_meters(shard integer, upto bigint)
RETURNS TABLE (
  shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint,
  threshold_reached boolean, exceeded boolean, mode text
)
LANGUAGE sql
STABLE
AS $$
  SELECT m.*
  FROM log.fold_meters(
    recount_meters.shard,
    ARRAY(SELECT f FROM log.meter_facts(recount_meters.shard, 0, recount_meters.upto) AS f)) AS m
$$;

-- The batches at after < position <= upto as JSON lines, in order: what the verifier (tools/verify_log.py) reads.
-- `events` is a JSON string and not JSON: it holds the very text that log.batch_hash() hashed, which no parser may touch.
CREATE OR REPLACE FUNCTION log.export_batches(shard integer, after bigint, upto bigint)
RETURNS TABLE (line text)
LANGUAGE sql
STABLE
AS $$
  SELECT format(
    '{"shard": %s, "first_position": %s, "last_position": %s, "recorded_at_us": %s, "hash": "%s", "events": %s}',
    b.shard, b.first_position, b.last_position, (extract(epoch FROM b.recorded_at) * 1000000)::bigint,
    encode(b.hash, 'hex'), to_json(b.events::text))
  FROM log.batches_at_hand AS b
  WHERE b.shard = export_batches.shard
    AND b.last_position > export_batches.after AND b.last_position <= export_batches.upto
  ORDER BY b.last_position, b.recorded_at
$$;

-- The units at after < position <= upto that an export asks for; a filter that is NULL lets all pass. Inlined into the exports.
CREATE OR REPLACE FUNCTION log.export_units(
  shard integer, after bigint, upto bigint,
  account_id uuid, project_id uuid, recorded_from timestamptz, recorded_before timestamptz, type text
)
RETURNS TABLE (
  shard integer, "position" bigint, recorded_at timestamptz, type text, version integer, stream text, stream_version integer,
  account_id uuid, project_id uuid, key_id uuid, mode text, month text, data jsonb
)
LANGUAGE sql
STABLE
AS $$
  SELECT u.shard, u.position, u.recorded_at, u.type, u.version, u.stream, u.stream_version,
    u.account_id, u.project_id, u.key_id, u.mode, u.month,
    u.unit -> 'data' -- as it was recorded, not lifted to the current version: it must match the schema that it names
  FROM log.read_units(export_units.shard, export_units.after, export_units.upto) AS u
  WHERE (export_units.account_id IS NULL OR u.account_id = export_units.account_id)
    AND (export_units.project_id IS NULL OR u.project_id = export_units.project_id)
    AND (export_units.recorded_from IS NULL OR u.recorded_at >= export_units.recorded_from)
    AND (export_units.recorded_before IS NULL OR u.recorded_at < export_units.recorded_before)
    AND (export_units.type IS NULL OR u.type = export_units.type)
$$;

-- Events as CloudEvents 1.0, one JSON object a line, in order of position. What a unit says beyond the standard's attributes comes
-- as extension attributes, whose names the standard wants in lower case letters and digits; an event leaves out those it has not.
CREATE OR REPLACE FUNCTION log.export_cloudevents(
  shard integer, after bigint, upto bigint,
  account_id uuid, project_id uuid, recorded_from timestamptz, recorded_before timestamptz, type text
)
RETURNS TABLE (line text)
LANGUAGE sql
STABLE
AS $$
  -- Materialized: what the events of a unit share is written once for all of them.
  WITH units AS MATERIALIZED (
    SELECT u.shard, u.position, u.data,
      concat_ws(', ',
        format('"source": "/recount/shards/%s"', u.shard),
        format('"type": "dev.recount.%s.v%s"', u.type, u.version),
        format('"time": "%s"', to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
        '"subject": ' || to_json(nullif(concat_ws('/', u.account_id, u.project_id), '')),
        format('"dataschema": "https://recount.dev/schemas/%s.v%s.json"', u.type, u.version),
        '"datacontenttype": "application/json"',
        '"keyid": ' || to_json(u.key_id),
        '"mode": ' || to_json(u.mode),
        '"month": ' || to_json(u.month),
        '"stream": ' || to_json(u.stream),
        '"streamversion": ' || u.stream_version) AS attributes
    FROM log.export_units(
      export_cloudevents.shard, export_cloudevents.after, export_cloudevents.upto, export_cloudevents.account_id,
      export_cloudevents.project_id, export_cloudevents.recorded_from, export_cloudevents.recorded_before,
      export_cloudevents.type) AS u
  )
  SELECT format(
    '{"specversion": "1.0", "id": "%s/%s", %s, "data": %s}', u.shard, u.position + e.k - 1, u.attributes, e.event)
  FROM units AS u, jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  ORDER BY u.position, e.k
$$;

-- Text as a field of RFC 4180: always in quotes, quotes within doubled.
CREATE OR REPLACE FUNCTION log.csv_field(value text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT '"' || replace(value, '"', '""') || '"'
$$;

-- Tracked requests as rows of RFC 4180, in order of position. The columns stand in Sources/EventLog/ExportFormat.swift.
CREATE OR REPLACE FUNCTION log.export_csv(
  shard integer, after bigint, upto bigint,
  account_id uuid, project_id uuid, recorded_from timestamptz, recorded_before timestamptz
)
RETURNS TABLE (line text)
LANGUAGE sql
STABLE
AS $$
  -- Materialized: what the events of a unit share is written once for all of them.
  WITH units AS MATERIALIZED (
    SELECT u.shard, u.position, u.data,
      format('%s,%s,%s,%s,%s', u.account_id, u.project_id, u.key_id, u.mode, u.month) AS shared,
      to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at
    FROM log.export_units(
      export_csv.shard, export_csv.after, export_csv.upto, export_csv.account_id, export_csv.project_id,
      export_csv.recorded_from, export_csv.recorded_before, 'request_tracked') AS u
  )
  SELECT format(
    E'%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r',
    u.shard, u.position + e.k - 1, u.shared,
    to_char(
      to_timestamp((e.event ->> 'timestamp')::bigint / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    e.event ->> 'method', log.csv_field(e.event ->> 'endpoint'), log.csv_field(e.event ->> 'template'),
    e.event ->> 'status_code', e.event ->> 'response_time_ms', u.recorded_at)
  FROM units AS u, jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  ORDER BY u.position, e.k
$$;

-- What an older release had under this name gave other columns, which can't be changed in place.
DROP FUNCTION IF EXISTS log.usage_pieces(integer, bigint, bigint, uuid, text, timestamptz);

-- What after < position <= upto adds to an account's usage of a month, live or test, and what it takes away: requests by day of
-- recording (UTC), project and key, told apart by whether they were recorded after a moment; voids one by one, which take
-- requests out of what counts, and out of what the quota has used only where they give it back.
CREATE OR REPLACE FUNCTION log.usage_pieces(
  shard integer, after bigint, upto bigint, account_id uuid, mode text, month text, shown_at timestamptz
)
RETURNS TABLE (
  day text, is_late boolean, project_id uuid, key_id uuid, void_id uuid, reason text, gives_back_quota boolean, events bigint,
  first_position bigint, last_position bigint
)
LANGUAGE sql
STABLE
AS $$
  WITH units AS MATERIALIZED (
    SELECT u.type, u.position, u.event_count, u.recorded_at, u.project_id, u.key_id,
      CASE WHEN u.type = 'telemetry_voided' THEN u.data -> 0 END AS void
    FROM log.read_units(usage_pieces.shard, usage_pieces.after, usage_pieces.upto) AS u
    WHERE u.account_id = usage_pieces.account_id
      AND (u.type = 'request_tracked' AND u.mode = usage_pieces.mode AND u.month = usage_pieces.month
        OR u.type = 'telemetry_voided' AND u.data -> 0 ->> 'mode' = usage_pieces.mode)
  )
  SELECT to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), u.recorded_at > usage_pieces.shown_at, u.project_id,
    u.key_id, NULL::uuid, NULL::text, NULL::boolean, sum(u.event_count)::bigint, min(u.position), max(u.position + u.event_count - 1)
  FROM units AS u
  WHERE u.type = 'request_tracked'
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), u.recorded_at > usage_pieces.shown_at, u.project_id,
    c.key_id, (u.void ->> 'void_id')::uuid, u.void ->> 'reason',
    (u.void ->> 'gives_back_quota')::boolean, -c.events, u.position, u.position
  FROM units AS u
  CROSS JOIN LATERAL jsonb_to_recordset(u.void -> 'counts') AS c (month text, key_id uuid, events bigint)
  WHERE u.type = 'telemetry_voided' AND c.month = usage_pieces.month
$$;

-- The links of a shard's chain after a position, in order, at most so many, as far as they are in the database: months leave it only
-- when the Merkle tree has taken them in.
CREATE OR REPLACE FUNCTION log.batch_links(shard integer, after bigint, most integer)
RETURNS TABLE (last_position bigint, hash bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT b.last_position, b.hash
  FROM log.batches AS b
  WHERE b.shard = batch_links.shard AND b.last_position > batch_links.after
  ORDER BY b.last_position
  LIMIT batch_links.most
$$;

-- The hash of an inner node (RFC 6962, 2.1) from what log.tree holds of its two children: leaves are kept as their data.
CREATE OR REPLACE FUNCTION log.node_hash(level integer, left_child bytea, right_child bytea) RETURNS bytea
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE
    WHEN level = 1 THEN sha256('\x01' || sha256('\x00' || left_child) || sha256('\x00' || right_child))
    ELSE sha256('\x01' || left_child || right_child)
  END
$$;

-- Takes batches that a shard's tree does not know yet into it, at most so many, and says how far it then goes; called until it
-- adds none. SECURITY DEFINER: nobody writes the tree but through it, and what it writes comes from the batches alone.
--
-- To be called with synchronous_commit on: the batches it saw were committed before it, so its own commit, once durable, makes
-- sure that they are. Nothing may be signed that a crash could take back.
--
-- Errors: RC410 the log does not go on from where the tree ends: its history was changed or lost.
CREATE OR REPLACE FUNCTION log.grow_tree(shard integer, most integer)
RETURNS TABLE (tree_size bigint, last_position bigint, added bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  before bigint;
  after_position bigint;
  after_hash bytea;
  goes_on boolean;
  total bigint;
  height integer := 1;
BEGIN
  -- Two servers growing one tree: the second waits, and goes on from where the first came to.
  PERFORM pg_advisory_xact_lock(hashtext('recount tree'), grow_tree.shard);
  SELECT t.index + 1, t.last_position, t.hash INTO before, after_position, after_hash
  FROM log.tree AS t
  WHERE t.shard = grow_tree.shard AND t.level = 0
  ORDER BY t.index DESC
  LIMIT 1;
  before := coalesce(before, 0);
  after_position := coalesce(after_position, 0);
  after_hash := coalesce(after_hash, decode(repeat('00', 32), 'hex'));
  -- The next batch hangs on the last leaf; where there is none, the head is that leaf.
  SELECT coalesce(b.first_position = after_position + 1 AND b.hash = log.batch_hash(
      after_hash, b.shard, b.first_position, b.last_position, b.recorded_at, b.events::text),
    (h.last_position, h.last_hash) = (after_position, after_hash))
  INTO goes_on
  FROM log.heads AS h
  LEFT JOIN LATERAL (
    SELECT n.* FROM log.batches AS n
    WHERE n.shard = h.shard AND n.last_position > after_position
    ORDER BY n.last_position
    LIMIT 1
  ) AS b ON true
  WHERE h.shard = grow_tree.shard;
  IF goes_on IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = 'RC410',
      MESSAGE = format('shard %s does not go on from position %s as its Merkle tree has it', grow_tree.shard, after_position);
  END IF;
  INSERT INTO log.tree (shard, level, index, last_position, hash)
  SELECT grow_tree.shard, 0, before + row_number() OVER (ORDER BY l.last_position) - 1, l.last_position, l.hash
  FROM log.batch_links(grow_tree.shard, after_position, grow_tree.most) AS l;
  GET DIAGNOSTICS added = ROW_COUNT;
  total := before + added;
  -- Level by level, the pairs that became whole.
  WHILE total >> height > before >> height LOOP
    INSERT INTO log.tree (shard, level, index, last_position, hash)
    SELECT l.shard, height, l.index / 2, r.last_position, log.node_hash(height, l.hash, r.hash)
    FROM log.tree AS l
    JOIN log.tree AS r ON r.shard = l.shard AND r.level = l.level AND r.index = l.index + 1
    WHERE l.shard = grow_tree.shard AND l.level = height - 1
      AND l.index >= (before >> height) * 2 AND l.index < (total >> height) * 2 AND l.index % 2 = 0;
    height := height + 1;
  END LOOP;
  tree_size := total;
  last_position := coalesce((
    SELECT t.last_position FROM log.tree AS t
    WHERE t.shard = grow_tree.shard AND t.level = 0 AND t.index = total - 1), 0);
  RETURN NEXT;
END
$$;

-- Keeps a checkpoint that was signed, and returns the one that is published for that size and key: the first in stays, however
-- many servers sign at once.
CREATE OR REPLACE FUNCTION log.keep_checkpoint(
  shard integer, tree_size bigint, key_id text, "position" bigint, hash bytea, root bytea, signed_at timestamptz, note text
) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO log.checkpoints (shard, tree_size, key_id, position, hash, root, signed_at, note)
  VALUES (
    keep_checkpoint.shard, keep_checkpoint.tree_size, keep_checkpoint.key_id, keep_checkpoint.position,
    keep_checkpoint.hash, keep_checkpoint.root, keep_checkpoint.signed_at, keep_checkpoint.note)
  ON CONFLICT DO NOTHING;
  RETURN (
    SELECT c.note FROM log.checkpoints AS c
    WHERE c.shard = keep_checkpoint.shard AND c.tree_size = keep_checkpoint.tree_size
      AND c.key_id = keep_checkpoint.key_id);
END
$$;

-- Where a shard's Merkle tree is not what its batches make of it: the first leaf that is not the batch that ends there, and the
-- first node that is not the hash of its children or is missing; no row when it holds. Batches that are archived are not looked
-- for: their leaves are held against the nodes above.
--
-- Leaf and batch are matched by where they end, never by counting: one too many or too few would shift all the others, and the fault
-- be named at the first of them, which is as it was.
CREATE OR REPLACE FUNCTION log.tree_faults(shard integer)
RETURNS TABLE (first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH leaves AS MATERIALIZED (
    SELECT t.index, t.last_position, t.hash
    FROM log.tree AS t
    WHERE t.shard = tree_faults.shard AND t.level = 0
  ), size AS (
    SELECT count(*) AS leaves, max(l.last_position) AS last_position FROM leaves AS l
  ), archived AS (
    SELECT coalesce(max(a.last_position), 0) AS last_position FROM log.archives AS a WHERE a.shard = tree_faults.shard
  ), batches AS MATERIALIZED (
    SELECT b.last_position, b.hash
    FROM log.batch_links(tree_faults.shard, 0, NULL) AS b, size AS s
    WHERE b.last_position <= s.last_position
  ), pairs AS (
    SELECT p.*, lag(p.last_position, 1, 0::bigint) OVER (ORDER BY p.last_position) + 1 AS first_position,
      count(p.index) OVER (ORDER BY p.last_position) - 1 AS due
    FROM (
      SELECT coalesce(b.last_position, l.last_position) AS last_position, l.index, l.hash, b.hash AS batch_hash,
        b.last_position IS NOT NULL AS has_batch
      FROM leaves AS l
      FULL JOIN batches AS b ON b.last_position = l.last_position
    ) AS p
  ), judged AS (
    SELECT p.first_position, p.last_position,
      CASE
        WHEN p.index IS NULL THEN format(
          'the published Merkle tree has no leaf for the batch that ends at position %s', p.last_position)
        WHEN NOT p.has_batch AND p.last_position > a.last_position THEN format(
          'leaf %s of the published Merkle tree is a batch that ends at position %s, and the log has none', p.index, p.last_position)
        WHEN p.has_batch AND p.hash <> p.batch_hash THEN format(
          'leaf %s of the published Merkle tree is not the batch that ends at position %s', p.index, p.last_position)
        WHEN p.index <> p.due THEN format(
          'leaf %s of the published Merkle tree stands where leaf %s is due', p.index, p.due)
      END AS reason
    FROM pairs AS p
    CROSS JOIN archived AS a
  ), bad_leaf AS (
    SELECT j.first_position, j.last_position, j.reason
    FROM judged AS j
    WHERE j.reason IS NOT NULL
    ORDER BY j.last_position
    LIMIT 1
  ), levels AS (
    SELECT h.height, s.leaves >> h.height AS nodes
    FROM size AS s, generate_series(1, 62) AS h (height)
    WHERE s.leaves >> h.height > 0
  ), bad_node AS (
    SELECT coalesce((
        SELECT o.last_position FROM leaves AS o WHERE o.index = (n.index << v.height) - 1), 0) + 1 AS first_position,
      coalesce(t.last_position, s.last_position) AS last_position,
      format('node %s at level %s of the published Merkle tree is not the hash of what stands beneath it', n.index, v.height)
        AS reason
    FROM levels AS v
    CROSS JOIN size AS s
    CROSS JOIN LATERAL generate_series(0, v.nodes - 1) AS n (index)
    LEFT JOIN log.tree AS t ON t.shard = tree_faults.shard AND t.level = v.height AND t.index = n.index
    LEFT JOIN log.tree AS l ON l.shard = tree_faults.shard AND l.level = v.height - 1 AND l.index = n.index * 2
    LEFT JOIN log.tree AS r ON r.shard = tree_faults.shard AND r.level = v.height - 1 AND r.index = n.index * 2 + 1
    WHERE t.hash IS DISTINCT FROM log.node_hash(v.height, l.hash, r.hash)
    ORDER BY v.height, n.index
    LIMIT 1
  )
  SELECT f.first_position, f.last_position, f.reason
  FROM (SELECT * FROM bad_leaf UNION ALL SELECT * FROM bad_node WHERE NOT EXISTS (SELECT FROM bad_leaf)) AS f
$$;

-- The months that have a partition of batches in the database, in order, and what each takes, indexes included.
CREATE OR REPLACE FUNCTION log.months_held()
RETURNS TABLE (month date, partition regclass, bytes bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT to_date(substr(c.relname, length('batches_') + 1), 'YYYY_MM'), c.oid::regclass, pg_total_relation_size(c.oid)
  FROM pg_inherits AS i
  JOIN pg_class AS c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'log.batches'::regclass
  ORDER BY 1
$$;

-- What a month in the database holds of each shard that recorded anything in it. The bounds are constants to the planner, so
-- that it looks at the month's partition alone.
CREATE OR REPLACE FUNCTION log.month_shards(month date)
RETURNS TABLE (
  shard integer, first_position bigint, last_position bigint, batches bigint, recorded_from timestamptz, recorded_to timestamptz
)
LANGUAGE sql
STABLE
AS $$
  SELECT b.shard, min(b.first_position), max(b.last_position), count(*), min(b.recorded_at), max(b.recorded_at)
  FROM log.batches AS b
  WHERE b.recorded_at >= month_shards.month::timestamp AT TIME ZONE 'UTC'
    AND b.recorded_at < (month_shards.month + interval '1 month') AT TIME ZONE 'UTC'
  GROUP BY b.shard
  ORDER BY b.shard
$$;

-- Who has not taken in all of a month yet, in words; no row when its events have done their work and may leave the database. The
-- archive can be read by position afterwards, but those who follow the log shall not have to.
--
-- They keep their progress in schemas of their own, which are installed after the log or not at all: so asked for by name.
CREATE OR REPLACE FUNCTION log.archive_laggards(month date)
RETURNS TABLE (laggard text)
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  follower record;
BEGIN
  FOR follower IN
    SELECT *
    FROM (VALUES
      ('projector.checkpoints',
        'SELECT format(''read model %s'', c.projection), c.shard, c.position FROM projector.checkpoints AS c'),
      ('operations.reactors', 'SELECT format(''reactor %s'', r.reactor), r.shard, r.position FROM operations.reactors AS r')
    ) AS f (relation, progress)
    WHERE to_regclass(f.relation) IS NOT NULL
  LOOP
    -- Taken in, too, must be the voids that reach into the month: they have its days counted again (log.read_corrected).
    RETURN QUERY EXECUTE format(
      $progress$
        SELECT format('%%s is at position %%s of shard %%s, which it must have taken in to %%s', p.name, p.position, m.shard, m.last_position)
        FROM (%s) AS p (name, shard, position)
        JOIN (
          SELECT m.shard, m.last_position FROM log.month_shards($1) AS m
          UNION ALL
          SELECT v.shard, v.position FROM log.voids AS v
          WHERE v."from" < extract(epoch FROM ($1 + interval '1 month 1 day') AT TIME ZONE 'UTC') * 1000
        ) AS m ON m.shard = p.shard AND m.last_position > p.position
        ORDER BY 1
      $progress$, follower.progress)
    USING archive_laggards.month;
  END LOOP;
END
$$;

-- What differs between a month in the database and the files said to hold it, in words; NULL when they are the same. `files` are the
-- manifest's entries (Sources/EventLog/Archive/Manifest.swift). Each frame's end is held against the batch there: whoever has
-- verified that a file's batches hash up to those ends, has proven the file whole.
CREATE OR REPLACE FUNCTION log.archive_difference(month date, files jsonb)
RETURNS text
LANGUAGE sql
STABLE
AS $$
  WITH files AS (
    SELECT f.*
    FROM jsonb_to_recordset(archive_difference.files) AS f (
      shard integer, first_position bigint, last_position bigint, batches bigint, hash_before text, last_hash text,
      recorded_from_us bigint, recorded_to_us bigint, bytes bigint, frames jsonb)
  ), frames AS (
    SELECT f.shard, r.*,
      lag(r.last_position, 1, f.first_position - 1) OVER w AS previous_end,
      lag(r.start + r.bytes, 1, 0::bigint) OVER w AS due_start
    FROM files AS f
    CROSS JOIN LATERAL jsonb_to_recordset(f.frames) AS r (
      start bigint, bytes bigint, first_position bigint, last_position bigint, last_hash text, recorded_to_us bigint)
    WINDOW w AS (PARTITION BY f.shard ORDER BY r.last_position)
  ), differences AS (
    SELECT coalesce(f.shard, m.shard) AS shard, 0::bigint AS place, CASE
      WHEN f.shard IS NULL THEN 'the database holds this shard, the archive does not'
      WHEN m.shard IS NULL THEN 'the archive holds this shard, the database does not'
      WHEN (f.first_position, f.last_position, f.batches) IS DISTINCT FROM (m.first_position, m.last_position, m.batches)
        THEN format('the database holds positions %s to %s in %s batches, the archive %s to %s in %s',
          m.first_position, m.last_position, m.batches, f.first_position, f.last_position, f.batches)
      WHEN (f.recorded_from_us, f.recorded_to_us) IS DISTINCT FROM (
        (extract(epoch FROM m.recorded_from) * 1000000)::bigint, (extract(epoch FROM m.recorded_to) * 1000000)::bigint)
        THEN 'the times of the first and the last batch differ'
      WHEN (f.first_position - 1, f.hash_before) IS DISTINCT FROM (
        SELECT (b.last_position, encode(b.hash, 'hex')) FROM log.chain_before(f.shard, f.first_position) AS b)
        THEN 'the archive does not hang on the batch before its first'
    END AS reason
    FROM files AS f
    FULL JOIN log.month_shards(archive_difference.month) AS m ON m.shard = f.shard
    UNION ALL
    SELECT r.shard, r.last_position, CASE
      WHEN r.first_position <> r.previous_end + 1 OR r.start <> r.due_start
        THEN format('the frame that ends at position %s does not begin where the one before it ends', r.last_position)
      WHEN b.hash IS NULL OR encode(b.hash, 'hex') <> r.last_hash
        OR (extract(epoch FROM b.recorded_at) * 1000000)::bigint <> r.recorded_to_us
        THEN format('the batch that ends at position %s is another than in the archive', r.last_position)
    END
    FROM frames AS r
    LEFT JOIN log.batches AS b ON b.shard = r.shard AND b.last_position = r.last_position
      AND b.recorded_at >= archive_difference.month::timestamp AT TIME ZONE 'UTC'
      AND b.recorded_at < (archive_difference.month + interval '1 month') AT TIME ZONE 'UTC'
    UNION ALL
    SELECT f.shard, f.last_position, 'the frames do not add up to the file'
    FROM files AS f
    WHERE (f.last_position, f.last_hash, f.bytes) IS DISTINCT FROM (
      SELECT (r.last_position, r.last_hash, r.start + r.bytes)
      FROM frames AS r
      WHERE r.shard = f.shard
      ORDER BY r.last_position DESC
      LIMIT 1)
  )
  SELECT format('shard %s: %s', d.shard, d.reason)
  FROM differences AS d
  WHERE d.reason IS NOT NULL
  ORDER BY d.shard, d.place
  LIMIT 1
$$;

-- Lets a month of batches go for the archive files that hold it, all in one transaction: notes the files, keeps the domain events,
-- drops the partition. Returns what the partition took, in bytes.
--
-- The archiver's right alone (promise 1), and not on its word: it refuses unless the month is long over and the oldest in the
-- database, everybody has taken it in (log.archive_laggards) and the Merkle tree has, and the files' positions and hashes are the partition's
-- (log.archive_difference). That the files hold what those hashes say, the archiver has verified by reading them back.
--
-- SECURITY DEFINER: nobody else may drop a partition. Errors: RC420 refused, with the reason; RC421 the log was being read all
-- the time.
CREATE OR REPLACE FUNCTION log.drop_archived_month(month date, files jsonb)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  name text := to_char(drop_archived_month.month, 'YYYY-MM');
  held record;
  reason text;
  patience timestamptz;
BEGIN
  SELECT m.* INTO held FROM log.months_held() AS m LIMIT 1;
  reason := CASE
    WHEN held.month IS DISTINCT FROM drop_archived_month.month
      THEN format('the oldest month in the database is %s: months are archived in order', to_char(held.month, 'YYYY-MM'))
    -- A day, since a clock that is set back could have it go on.
    WHEN now() < (held.month + interval '1 month 1 day') AT TIME ZONE 'UTC' THEN 'it is not over since a day'
    WHEN EXISTS (SELECT FROM log.archived_months AS a WHERE a.month >= held.month)
      THEN 'it, or a later month, has been archived already'
  END;
  IF reason IS NULL THEN
    -- From here on the month is as it is until we are done.
    EXECUTE format('LOCK TABLE %s IN SHARE MODE', held.partition);
    reason := coalesce(
      (SELECT l.laggard FROM log.archive_laggards(held.month) AS l LIMIT 1),
      -- A leaf can't be added once its batch is gone.
      (SELECT format('the Merkle tree of shard %s does not hold it', m.shard)
      FROM log.month_shards(held.month) AS m
      WHERE NOT EXISTS (
        SELECT FROM log.tree AS t WHERE t.shard = m.shard AND t.level = 0 AND t.last_position = m.last_position)
      LIMIT 1),
      log.archive_difference(held.month, drop_archived_month.files));
  END IF;
  IF reason IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RC420', MESSAGE = format('month %s stays in the database: %s', name, reason);
  END IF;

  INSERT INTO log.archived_streams (shard, position, recorded_at, unit)
  SELECT b.shard, (u ->> 'position')::bigint, b.recorded_at, u
  FROM log.batches AS b, jsonb_array_elements(b.events) AS u
  WHERE b.recorded_at >= held.month::timestamp AT TIME ZONE 'UTC'
    AND b.recorded_at < (held.month + interval '1 month') AT TIME ZONE 'UTC' AND u ? 'stream';
  INSERT INTO log.archived_months (month, archived_at, database_bytes) VALUES (held.month, clock_timestamp(), held.bytes);
  INSERT INTO log.archives (
    month, shard, first_position, last_position, batches, hash_before, last_hash, recorded_from, recorded_to,
    file, bytes, text_bytes, sha256)
  SELECT held.month, f.shard, f.first_position, f.last_position, f.batches, decode(f.hash_before, 'hex'),
    decode(f.last_hash, 'hex'), m.recorded_from, m.recorded_to, f.file, f.bytes, f.text_bytes, decode(f.sha256, 'hex')
  FROM jsonb_to_recordset(drop_archived_month.files) AS f (
    shard integer, first_position bigint, last_position bigint, batches bigint, hash_before text, last_hash text,
    file text, bytes bigint, text_bytes bigint, sha256 text)
  JOIN log.month_shards(held.month) AS m ON m.shard = f.shard;
  INSERT INTO log.archive_frames (shard, last_position, first_position, month, start, bytes, last_hash, recorded_to)
  SELECT f.shard, r.last_position, r.first_position, held.month, r.start, r.bytes, b.hash, b.recorded_at
  FROM jsonb_to_recordset(drop_archived_month.files) AS f (shard integer, frames jsonb)
  CROSS JOIN LATERAL jsonb_to_recordset(f.frames) AS r (
    start bigint, bytes bigint, first_position bigint, last_position bigint)
  JOIN log.batches AS b ON b.shard = f.shard AND b.last_position = r.last_position
    AND b.recorded_at >= held.month::timestamp AT TIME ZONE 'UTC'
    AND b.recorded_at < (held.month + interval '1 month') AT TIME ZONE 'UTC';

  -- Dropping a partition locks the whole table. Who waits for that lock holds up everybody who comes after, appends too: so
  -- it is asked for in short tries. The other lock is held by who reads the log in more than one statement (LogWalk.swift).
  PERFORM set_config('lock_timeout', '100ms', true);
  patience := clock_timestamp() + interval '60 seconds';
  LOOP
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('recount archive'));
      LOCK TABLE log.batches IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF clock_timestamp() > patience THEN
        RAISE EXCEPTION USING ERRCODE = 'RC421',
          MESSAGE = format('month %s stays in the database: the log was being read for a minute without a pause', name);
      END IF;
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
  EXECUTE format('DROP TABLE %s', held.partition);
  RETURN held.bytes;
END
$$;

-- An archived month's files as its manifest has them: to be held against the manifest, and the files against both.
CREATE OR REPLACE FUNCTION log.archive_files(month date)
RETURNS jsonb
LANGUAGE sql
STABLE
AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'shard', a.shard, 'file', a.file, 'bytes', a.bytes, 'text_bytes', a.text_bytes, 'sha256', encode(a.sha256, 'hex'),
    'first_position', a.first_position, 'last_position', a.last_position, 'batches', a.batches,
    'events', a.last_position - a.first_position + 1,
    'hash_before', encode(a.hash_before, 'hex'), 'last_hash', encode(a.last_hash, 'hex'),
    'recorded_from_us', (extract(epoch FROM a.recorded_from) * 1000000)::bigint,
    'recorded_to_us', (extract(epoch FROM a.recorded_to) * 1000000)::bigint,
    'frames', (
      SELECT jsonb_agg(jsonb_build_object(
        'start', f.start, 'bytes', f.bytes, 'first_position', f.first_position, 'last_position', f.last_position,
        'last_hash', encode(f.last_hash, 'hex'), 'recorded_to_us', (extract(epoch FROM f.recorded_to) * 1000000)::bigint)
        ORDER BY f.start)
      FROM log.archive_frames AS f
      WHERE f.month = a.month AND f.shard = a.shard)
  ) ORDER BY a.shard), '[]')
  FROM log.archives AS a
  WHERE a.month = archive_files.month
$$;

-- Every month of the log in order, where it is and what it takes: in the database, indexes included (of an archived month, what it
-- took there), in archive files, and as the plain text that is in them.
CREATE OR REPLACE FUNCTION log.month_sizes()
RETURNS TABLE (
  month text, is_archived boolean, events bigint, database_bytes bigint, archive_bytes bigint, text_bytes bigint
)
LANGUAGE sql
STABLE
AS $$
  SELECT to_char(m.month, 'YYYY-MM'), true, coalesce(sum(a.last_position - a.first_position + 1), 0)::bigint, m.database_bytes,
    coalesce(sum(a.bytes), 0)::bigint, coalesce(sum(a.text_bytes), 0)::bigint
  FROM log.archived_months AS m
  LEFT JOIN log.archives AS a ON a.month = m.month
  GROUP BY m.month
  UNION ALL
  SELECT to_char(h.month, 'YYYY-MM'), false, coalesce(sum(s.last_position - s.first_position + 1), 0)::bigint, h.bytes,
    NULL, NULL
  FROM log.months_held() AS h
  LEFT JOIN LATERAL log.month_shards(h.month) AS s ON true
  GROUP BY h.month, h.bytes
  ORDER BY 1, 2 DESC
$$;

-- How each shard of the log does, for people: where it ends, and the newest checkpoint that was published of it.
CREATE OR REPLACE FUNCTION log.shard_status()
RETURNS TABLE (
  shard integer, "position" bigint, recorded_at timestamptz, checkpoint_position bigint, checkpoint_signed_at timestamptz
)
LANGUAGE sql
STABLE
AS $$
  SELECT h.shard, h.last_position, CASE WHEN isfinite(h.recorded_at) THEN h.recorded_at END, c.position, c.signed_at
  FROM log.heads AS h
  LEFT JOIN LATERAL (
    SELECT k.position, k.signed_at
    FROM log.checkpoints AS k
    WHERE k.shard = h.shard
    ORDER BY k.tree_size DESC, k.signed_at DESC
    LIMIT 1
  ) AS c ON true
$$;

-- What the log takes on disk, indexes included: its batches, what is remembered to recognise repeats, and all else that the schema
-- holds; and what of it has gone into archive files.
CREATE OR REPLACE FUNCTION log.disk_status()
RETURNS TABLE (batches_bytes bigint, ids_bytes bigint, other_bytes bigint, archived_events bigint, archived_bytes bigint)
LANGUAGE sql
STABLE
AS $$
  WITH sizes AS (
    SELECT c.relname, pg_total_relation_size(c.oid) AS bytes
    FROM pg_class AS c
    WHERE c.relnamespace = 'log'::regnamespace AND c.relkind = 'r'
  )
  SELECT
    coalesce(sum(s.bytes) FILTER (WHERE s.relname LIKE 'batches\_%'), 0)::bigint,
    coalesce(sum(s.bytes) FILTER (WHERE s.relname LIKE 'event\_ids\_%'), 0)::bigint,
    coalesce(sum(s.bytes) FILTER (WHERE s.relname NOT LIKE 'batches\_%' AND s.relname NOT LIKE 'event\_ids\_%'), 0)::bigint,
    (SELECT coalesce(sum(a.last_position - a.first_position + 1), 0)::bigint FROM log.archives AS a),
    (SELECT coalesce(sum(a.bytes), 0)::bigint FROM log.archives AS a)
  FROM sizes AS s
$$;

-- Who may do what. Each process has a login of its own that is a member of one of these roles and owns nothing, so that a fault
-- in it cannot change a fact: the database itself refuses (promise 1). The roles can't log in, and the logins are the
-- operator's: tools/run makes them for the private database, the README says how for another. A process that is given the
-- owner's login gives up its rights at once (SET ROLE, the first thing on a new connection), but could take them back; it
-- says so at its start.
--   recount_server     appends through log.append() and reads
--   recount_projector  reads the log, owns the read models
--   recount_auditor    reads
--   recount_archiver   reads, and lets a month go for the archive that holds it
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['recount_server', 'recount_projector', 'recount_auditor', 'recount_archiver'] LOOP
    BEGIN
      -- Roles belong to the cluster, not the database: another database's log may have made them.
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- made by another migration at the same moment
    END;
    IF NOT pg_has_role(current_user, role, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', role);
    END IF;
  END LOOP;
  -- The archiver reads what an auditor reads, read models' progress included.
  IF NOT pg_has_role('recount_archiver', 'recount_auditor', 'MEMBER') THEN
    GRANT recount_auditor TO recount_archiver;
  END IF;
END
$$;

REVOKE ALL ON SCHEMA log FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO recount_server, recount_projector, recount_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA log TO recount_server, recount_projector, recount_auditor;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO recount_server, recount_projector, recount_auditor;
-- Of these, only the server writes; the functions that the append calls run with its rights and need no grant.
REVOKE EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.ensure_partitions(date, integer) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.forget_ids(date, integer) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.grow_tree(integer, integer) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.keep_checkpoint(integer, bigint, text, bigint, bytea, bytea, timestamptz, text)
FROM recount_projector, recount_auditor;
-- Removing a month is the archiver's right alone.
REVOKE EXECUTE ON FUNCTION log.drop_archived_month(date, jsonb) FROM recount_server, recount_projector, recount_auditor;
GRANT EXECUTE ON FUNCTION log.drop_archived_month(date, jsonb), log.grow_tree(integer, integer) TO recount_archiver;

-- Read models are built, rebuilt beside the live one and swapped by the projector.
DO $$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO recount_projector', current_database());
END
$$;

GRANT USAGE ON SCHEMA vault TO recount_server;
GRANT SELECT ON vault.secrets TO recount_server;
GRANT SELECT, INSERT, UPDATE (key) ON vault.keys TO recount_server;
REVOKE DELETE ON vault.keys FROM recount_server; -- granted once; a deleted row would let a key be drawn anew
