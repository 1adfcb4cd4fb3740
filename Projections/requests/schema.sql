CREATE TABLE latest (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL, -- live or test
  class text NOT NULL, -- of its status: ok (below 400), 4xx, 5xx
  at timestamptz NOT NULL, -- its own timestamp
  position bigint NOT NULL,
  method text NOT NULL,
  endpoint text NOT NULL, -- as tracked, with its query string
  template text NOT NULL,
  status_code integer NOT NULL,
  response_time_ms numeric NOT NULL,
  id uuid, -- the event's own id, or that of the request of many that brought it
  ordinal integer NOT NULL, -- its place in that request
  key_id uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (shard, project_id, mode, class, at, position)
) PARTITION BY RANGE (at);

CREATE TABLE kept (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  class text NOT NULL,
  day bigint NOT NULL, -- since 1970-01-01, UTC
  rows integer NOT NULL,
  PRIMARY KEY (shard, project_id, mode, class, day)
) WITH (fillfactor = 70);

-- The detail of a project before this moment, the beginning of a day (UTC), is no longer kept (retention_applied). What comes late
-- and lies before it is not shown.
CREATE TABLE retention (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  before timestamptz NOT NULL,
  PRIMARY KEY (shard, project_id)
);

-- Makes the partitions of a month's days where they are missing; a month such as 2026-11. Works in the schema that the
-- search_path names first, so that the same file serves the live projection and one being rebuilt beside it.
CREATE FUNCTION ensure_days(month text) RETURNS integer -- how many it made
LANGUAGE plpgsql
AS $$
DECLARE
  first date := (ensure_days.month || '-01')::date;
  day date;
  made integer := 0;
BEGIN
  -- Nearly always all are there.
  IF NOT EXISTS (
    SELECT FROM generate_series(first::timestamp, first + interval '1 month - 1 day', '1 day') AS d
    WHERE to_regclass(format('%I.%I', current_schema(), to_char(d, '"latest_"YYYY_MM_DD'))) IS NULL)
  THEN
    RETURN 0;
  END IF;
  -- Two shards may meet the month at the same moment; the second waits and then finds them.
  PERFORM pg_advisory_xact_lock(hashtext(format('%s.latest', current_schema())));
  FOR day IN SELECT d::date FROM generate_series(first::timestamp, first + interval '1 month - 1 day', '1 day') AS d LOOP
    CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), to_char(day, '"latest_"YYYY_MM_DD'))) IS NOT NULL;
    -- Vacuumed however few its dead rows are: one whose rows have all gone is to shrink to nothing, see drop_empty_days().
    EXECUTE format(
      'CREATE TABLE %I (LIKE latest INCLUDING ALL) WITH (autovacuum_vacuum_threshold = 0)',
      to_char(day, '"latest_"YYYY_MM_DD'));
    -- Attached, not created as PARTITION OF, which would lock readers out. Bounds carry their zone: a session's TimeZone
    -- setting must not move them.
    EXECUTE format(
      'ALTER TABLE latest ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      to_char(day, '"latest_"YYYY_MM_DD'), day || ' 00:00:00+00', day + 1 || ' 00:00:00+00');
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

-- Deletes from a day's partition, for each of some groups, what lies at or before the group's last row that must go.
--
-- A function, because the planner prices a join with `latest` by all of its partitions and reads them whole rather than look at
-- one: here the partition is named, and the statement can only go through its index, whatever statistics there are or aren't.
CREATE FUNCTION forget(
  day bigint, shard integer, project_ids uuid[], modes text[], classes text[], ats timestamptz[], positions bigint[]
) RETURNS bigint -- how many rows it deleted
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
  deleted bigint;
BEGIN
  EXECUTE format(
    'DELETE FROM %I AS l USING unnest($2, $3, $4, $5, $6) AS c (project_id, mode, class, at, position)'
    ' WHERE l.shard = $1 AND l.project_id = c.project_id AND l.mode = c.mode AND l.class = c.class'
    ' AND (l.at, l.position) <= (c.at, c.position)',
    to_char('1970-01-01'::date + forget.day::integer, '"latest_"YYYY_MM_DD'))
  USING forget.shard, forget.project_ids, forget.modes, forget.classes, forget.ats, forget.positions;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END
$$;

-- Empties the days that are filled again because of corrections that come with a cut: what had been pushed out of the window by a
-- voided request comes back. Nearly always there are none; then `latest`, with its many partitions, is not even looked at.
CREATE FUNCTION forget_days(shard integer, after bigint, upto bigint, foresight bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  news record;
BEGIN
  FOR news IN
    SELECT v.project_id, v.mode, v.first_day, v.last_day
    FROM log.voids_of_cut(forget_days.shard, forget_days.after, forget_days.upto, forget_days.foresight) AS v
    WHERE v.is_news
  LOOP
    DELETE FROM latest AS l
    WHERE l.shard = forget_days.shard AND l.project_id = news.project_id AND l.mode = news.mode
      AND l.at >= to_timestamp(news.first_day * 86400) AND l.at < to_timestamp((news.last_day + 1) * 86400);
    DELETE FROM kept AS k
    WHERE k.shard = forget_days.shard AND k.project_id = news.project_id AND k.mode = news.mode
      AND k.day BETWEEN news.first_day AND news.last_day;
  END LOOP;
END
$$;

-- Drops the partitions of days before `day` that nothing is kept of any more. They are that old that no request of theirs can
-- be tracked any more; a rebuild that still comes to one makes it again.
--
-- A file without a page is proof that a partition is empty: what other transactions have written since ours began, we would not
-- see. Waits for nobody: while somebody reads or writes the table, it is left to the next time.
CREATE FUNCTION drop_empty_days(day date) RETURNS integer -- how many it dropped
LANGUAGE plpgsql
AS $$
DECLARE
  partition regclass;
  dropped integer := 0;
BEGIN
  FOR partition IN
    SELECT i.inhrelid::regclass
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(format('%I.latest', current_schema()))
      -- A CASE, for the planner may look at the names of all tables there are before it asks whose partitions they are.
      AND CASE WHEN c.relname ~ '^latest_\d{4}_\d\d_\d\d$' THEN
        to_date(substr(c.relname, length('latest_') + 1), 'YYYY_MM_DD') < drop_empty_days.day
      END
      AND pg_relation_size(c.oid) = 0
  LOOP
    BEGIN
      EXECUTE format('LOCK TABLE latest, %s IN ACCESS EXCLUSIVE MODE NOWAIT', partition);
      IF pg_relation_size(partition) = 0 THEN
        EXECUTE format('DROP TABLE %s', partition);
        dropped := dropped + 1;
      END IF;
    EXCEPTION WHEN lock_not_available OR undefined_table THEN NULL;
    END;
  END LOOP;
  RETURN dropped;
END
$$;

-- Forgets the detail that a cut's retention_applied say is no longer kept. Runs before the cut's own requests are counted, which
-- then look at `retention` themselves.
CREATE FUNCTION forget_detail(shard integer, after bigint, upto bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  moved record;
  newest timestamptz;
BEGIN
  FOR moved IN
    INSERT INTO retention AS r (shard, project_id, before)
    SELECT forget_detail.shard, c.project_id, c."before"
    FROM log.retention_of_cut(forget_detail.shard, forget_detail.after, forget_detail.upto) AS c
    ON CONFLICT ON CONSTRAINT retention_pkey DO UPDATE SET before = excluded.before WHERE r.before < excluded.before
    RETURNING r.project_id, r.before
  LOOP
    DELETE FROM latest AS l
    WHERE l.shard = forget_detail.shard AND l.project_id = moved.project_id AND l.mode IN ('live', 'test')
      AND l.class IN ('ok', '4xx', '5xx') AND l.at < moved.before;
    DELETE FROM kept AS k
    WHERE k.shard = forget_detail.shard AND k.project_id = moved.project_id AND k.mode IN ('live', 'test')
      AND k.class IN ('ok', '4xx', '5xx') AND to_timestamp(k.day * 86400) < moved.before;
    newest := greatest(newest, moved.before);
  END LOOP;
  -- The newest `before` is a week ago or more, and nothing comes later than 35 days after its time.
  PERFORM drop_empty_days(((newest - interval '35 days') AT TIME ZONE 'UTC')::date) WHERE newest IS NOT NULL;
END
$$;
