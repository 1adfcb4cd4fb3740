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
  -- The last day is made last: where it is, all are.
  IF to_regclass(format('%I.%I', current_schema(), to_char(first + interval '1 month - 1 day', '"latest_"YYYY_MM_DD')))
    IS NOT NULL
  THEN
    RETURN 0;
  END IF;
  -- Two shards may meet the month at the same moment; the second waits and then finds them.
  PERFORM pg_advisory_xact_lock(hashtext(format('%s.latest', current_schema())));
  FOR day IN SELECT d::date FROM generate_series(first::timestamp, first + interval '1 month - 1 day', '1 day') AS d LOOP
    CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), to_char(day, '"latest_"YYYY_MM_DD'))) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE latest INCLUDING ALL)', to_char(day, '"latest_"YYYY_MM_DD'));
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
