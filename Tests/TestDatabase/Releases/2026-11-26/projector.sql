-- Schema `projector` as the release of 2026-11-26 made it: its files, one after another.


-- How far each read model is. Owned, like the read models, by recount_projector; dropped with them, nothing is lost: the next
-- projector builds all of them anew from the log.
CREATE SCHEMA IF NOT EXISTS projector;

-- One row per projection and shard: how far it has applied the log. The row is the lease, too: who applies events holds its
-- lock (FOR UPDATE SKIP LOCKED), and moves it in the transaction that applies them, so that a crash at any point neither loses
-- nor doubles an event.
--
-- `foresight` is where the log ended when the model was begun: corrections up to there are taken into account from its first event
-- on, later ones when they come (log.read_corrected()).
--
-- (position, hash) says which prefix of the log the read model is derived from: `hash` is the chain's link at that position.
CREATE TABLE IF NOT EXISTS projector.checkpoints (
  projection text NOT NULL, -- also its schema's name; `<name>_next` while it is rebuilt
  shard integer NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  foresight bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  recorded_at timestamptz, -- of the event at `position`; NULL before the first
  applied_at timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped')),
  error text, -- why it stopped
  definition text NOT NULL, -- SHA-256 of schema.sql and apply.sql, hex
  PRIMARY KEY (projection, shard)
) WITH (fillfactor = 10); -- updated by every cut: room on the page keeps those updates HOT

-- For databases from before there were corrections. Looked up first: ALTER TABLE would wait for every step under way.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = 'projector.checkpoints'::regclass AND attname = 'foresight')
  THEN
    ALTER TABLE projector.checkpoints ADD COLUMN foresight bigint NOT NULL DEFAULT 0;
  END IF;
END
$$;

-- Read models as they were at a moment (`recount replay --as-of`), each in a schema of its own: how far every shard of one is
-- to go, and how far it has come, so that a build which broke off is taken up where it was. Nothing moves one that is complete.
CREATE TABLE IF NOT EXISTS projector.snapshots (
  schema text NOT NULL,
  shard integer NOT NULL,
  projection text NOT NULL,
  name text NOT NULL, -- what the schemas of one moment have in common: <projection>_<name>
  upto bigint NOT NULL, -- the last position that it is to know of
  position bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL, -- the chain's link at `upto`: which log this is a prefix of
  recorded_at timestamptz, -- of the event at `upto`; NULL when the shard was empty then
  definition text NOT NULL, -- SHA-256 of schema.sql and apply.sql, hex
  PRIMARY KEY (schema, shard)
);

-- The next batches of a shard after a position, of at most `most` events but at least one batch; no row at the log's end.
-- `is_whole` is false when they don't follow one another without a gap: then nothing may be applied.
CREATE OR REPLACE FUNCTION projector.next_cut(shard integer, after bigint, most bigint)
RETURNS TABLE (upto bigint, hash bytea, recorded_at timestamptz, is_whole boolean)
LANGUAGE sql
STABLE
AS $$
  WITH next AS (
    SELECT b.last_position
    FROM log.batches_at_hand AS b
    WHERE b.shard = next_cut.shard AND b.last_position > next_cut.after
    ORDER BY b.last_position
    LIMIT 1
  ), batches AS (
    SELECT b.first_position, b.last_position, b.hash, b.recorded_at,
      lag(b.last_position, 1, next_cut.after) OVER (ORDER BY b.last_position, b.recorded_at) AS previous_end
    FROM log.batches_at_hand AS b
    WHERE b.shard = next_cut.shard AND b.last_position > next_cut.after
      AND b.last_position <= greatest(next_cut.after + next_cut.most, (SELECT n.last_position FROM next AS n))
  )
  SELECT b.last_position, b.hash, b.recorded_at, bool_and(b.first_position = b.previous_end + 1) OVER ()
  FROM batches AS b
  ORDER BY b.last_position DESC
  LIMIT 1
$$;

-- Where a shard's log stood at a moment: the last batch recorded at or before a time, or ending at or before a position; position 0
-- where there was none yet. What is NULL lets all pass. `recorded_at` never falls along a shard, so both are prefixes of the log.
CREATE OR REPLACE FUNCTION projector.moment(shard integer, "time" timestamptz, upto bigint)
RETURNS TABLE ("position" bigint, hash bytea, recorded_at timestamptz)
LANGUAGE sql
STABLE
AS $$
  SELECT m.last_position, m.hash, m.recorded_at
  FROM (
    (SELECT b.last_position, b.hash, b.recorded_at
    FROM log.batches_at_hand AS b
    WHERE b.shard = moment.shard
      AND (moment."time" IS NULL OR b.recorded_at <= moment."time")
      AND (moment.upto IS NULL OR b.last_position <= moment.upto)
    ORDER BY b.last_position DESC
    LIMIT 1)
    UNION ALL
    -- Of archived months at hand is the frame around the moment; those before it end here.
    (SELECT f.last_position, f.last_hash, f.recorded_to
    FROM log.archive_frames AS f
    WHERE f.shard = moment.shard
      AND (moment."time" IS NULL OR f.recorded_to <= moment."time")
      AND (moment.upto IS NULL OR f.last_position <= moment.upto)
    ORDER BY f.last_position DESC
    LIMIT 1)
    UNION ALL
    SELECT 0, decode(repeat('00', 32), 'hex'), NULL
  ) AS m
  ORDER BY m.last_position DESC
  LIMIT 1
$$;

-- How far a read model's answer is along the log; no row when it has not been built yet. For whoever answers questions from it,
-- in the same snapshot as the answer.
CREATE OR REPLACE FUNCTION projector.as_of(projection text, shard integer)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, log_position bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT c.position, c.recorded_at, h.last_position
  FROM projector.checkpoints AS c
  JOIN log.heads AS h ON h.shard = c.shard
  WHERE c.projection = as_of.projection AND c.shard = as_of.shard
$$;

-- How each read model does, for people. `seconds_behind` is the age of the oldest event that it does not know of yet.
CREATE OR REPLACE VIEW projector.status AS
SELECT c.projection, c.shard, c.position, h.last_position AS head, h.last_position - c.position AS behind,
  coalesce(greatest(0, extract(epoch FROM clock_timestamp() - n.recorded_at)), 0)::double precision AS seconds_behind,
  c.status, c.error, c.applied_at
FROM projector.checkpoints AS c
JOIN log.heads AS h ON h.shard = c.shard
LEFT JOIN LATERAL (
  SELECT least((
    -- Of an archived month: about, when the frame that holds it was recorded.
    SELECT f.recorded_to
    FROM log.archive_frames AS f
    WHERE f.shard = c.shard AND f.last_position > c.position
    ORDER BY f.last_position
    LIMIT 1
  ), (
    SELECT b.recorded_at
    FROM log.batches AS b
    WHERE b.shard = c.shard AND b.last_position > c.position
    ORDER BY b.last_position
    LIMIT 1
  )) AS recorded_at
) AS n ON true;

-- A row that differs, in words.
CREATE OR REPLACE FUNCTION projector.difference(live jsonb, replayed jsonb, key text[]) RETURNS text
LANGUAGE sql
STABLE
AS $$
  SELECT format('the row with %s %s', (
    SELECT string_agg(format('%s %s', k, coalesce(difference.live, difference.replayed) ->> k), ', ' ORDER BY place)
    FROM unnest(difference.key) WITH ORDINALITY AS u (k, place)
  ), CASE
    WHEN difference.replayed IS NULL THEN 'is in the table, but the log does not give it'
    WHEN difference.live IS NULL THEN 'is missing from the table, though the log gives it'
    ELSE 'says ' || (
      SELECT string_agg(
        format('%s %s, but the log gives %s', l.name, left(coalesce(l.value, 'nothing'), 100),
          left(coalesce(difference.replayed ->> l.name, 'nothing'), 100)),
        '; ' ORDER BY l.name)
      FROM jsonb_each_text(difference.live) AS l (name, value)
      WHERE l.value IS DISTINCT FROM difference.replayed ->> l.name)
  END)
$$;

-- Compares two queries row for row on all columns, and says in words what differs, for at most `most` rows. `key` names the
-- columns that tell one row from another, so that a changed row is told as one change and not as two rows.
CREATE OR REPLACE FUNCTION projector.compare(live text, replayed text, key text[], most integer)
RETURNS TABLE (rows bigint, differing bigint, differences text[])
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  columns text := (SELECT string_agg(format('%I', k), ', ') FROM unnest(compare.key) AS k);
BEGIN
  RETURN QUERY EXECUTE format($compare$
    WITH live AS (%1$s), replayed AS (%2$s),
    only_live AS MATERIALIZED (TABLE live EXCEPT ALL TABLE replayed),
    only_replayed AS MATERIALIZED (TABLE replayed EXCEPT ALL TABLE live),
    pairs AS MATERIALIZED (
      SELECT to_jsonb(l) AS live, to_jsonb(r) AS replayed
      FROM only_live AS l FULL JOIN only_replayed AS r USING (%3$s)
      ORDER BY %3$s
    )
    SELECT (SELECT count(*) FROM live), (SELECT count(*) FROM pairs),
      ARRAY(SELECT projector.difference(p.live, p.replayed, $1) FROM pairs AS p LIMIT $2)
    $compare$, compare.live, compare.replayed, columns)
  USING compare.key, compare.most;
END
$$;

-- The tables of a projection's schema, with the columns of their primary keys.
CREATE OR REPLACE FUNCTION projector.tables(schema text) RETURNS TABLE (name text, key text[])
LANGUAGE sql
STABLE
AS $$
  SELECT c.relname::text, ARRAY(
    SELECT a.attname::text
    FROM pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (column_number, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.column_number
    WHERE i.indrelid = c.oid AND i.indisprimary
    ORDER BY k.place)
  FROM pg_class AS c
  WHERE c.relnamespace = to_regnamespace(tables.schema) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  ORDER BY c.relname
$$;

-- Everybody may see how far the read models are; only their owner moves them.
GRANT USAGE ON SCHEMA projector TO recount_server, recount_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA projector TO recount_server, recount_auditor;
