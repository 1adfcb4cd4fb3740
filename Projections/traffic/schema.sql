CREATE TABLE timeline (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL, -- live or test
  grain text NOT NULL, -- minute, hour or day
  at timestamptz NOT NULL, -- where it begins, UTC
  calls bigint NOT NULL,
  errors_4xx bigint NOT NULL,
  errors_5xx bigint NOT NULL,
  response_time_ms_sum numeric NOT NULL,
  response_time_ms_max numeric NOT NULL,
  buckets smallint[] NOT NULL, -- of the latency histogram, those hit, ascending
  counts bigint[] NOT NULL, -- how often each was hit
  PRIMARY KEY (shard, project_id, mode, grain, at)
) WITH (fillfactor = 70); -- updated by every cut: HOT, no index on an updated column

CREATE TABLE endpoints (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  grain text NOT NULL, -- hour or day
  at timestamptz NOT NULL,
  method text NOT NULL,
  template text NOT NULL,
  calls bigint NOT NULL,
  errors_4xx bigint NOT NULL,
  errors_5xx bigint NOT NULL,
  response_time_ms_sum numeric NOT NULL,
  response_time_ms_max numeric NOT NULL,
  buckets smallint[] NOT NULL,
  counts bigint[] NOT NULL,
  PRIMARY KEY (shard, project_id, mode, grain, at, method, template)
) WITH (fillfactor = 70);

CREATE TABLE paths (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  day date NOT NULL,
  method text NOT NULL,
  path text NOT NULL, -- raw, without the query string
  calls bigint NOT NULL,
  PRIMARY KEY (shard, project_id, mode, day, method, path)
) WITH (fillfactor = 80);

-- The detail of a project before this moment, the beginning of a day (UTC), is no longer kept (retention_applied). What comes late
-- and lies before it counts in daily totals alone.
CREATE TABLE retention (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  before timestamptz NOT NULL,
  PRIMARY KEY (shard, project_id)
);

-- The bodies of these functions are bound to each other when they are made (BEGIN ATOMIC), not looked up by name when they are
-- called: queries name this schema, and a rebuild renames it.

-- Where the histogram's buckets 1, 2, … begin, in milliseconds. Computed as exact decimals, so that no machine's floating
-- point puts a value elsewhere. A constant to the planner: the array is built once per plan, not per event.
CREATE FUNCTION latency_thresholds() RETURNS double precision[]
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
BEGIN ATOMIC
  SELECT array_agg((0.01 * 1.05::numeric ^ k)::double precision ORDER BY k) FROM generate_series(0, 404) AS k;
END;

-- What a bucket stands for, in milliseconds: its geometric middle; bucket 0, faster than can be told apart, counts as 0.
CREATE FUNCTION latency_estimate(bucket smallint) RETURNS numeric
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN bucket = 0 THEN 0 ELSE round((0.01 * power(1.05::double precision, bucket - 0.5))::numeric, 6) END;
END;

-- The sum of two histograms.
CREATE FUNCTION merged(buckets_a smallint[], counts_a bigint[], buckets_b smallint[], counts_b bigint[])
RETURNS TABLE (buckets smallint[], counts bigint[])
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
BEGIN ATOMIC
  SELECT array_agg(s.bucket ORDER BY s.bucket), array_agg(s.hits ORDER BY s.bucket)
  FROM (
    SELECT h.bucket, sum(h.hits)::bigint AS hits
    FROM (
      SELECT * FROM unnest(buckets_a, counts_a)
      UNION ALL
      SELECT * FROM unnest(buckets_b, counts_b)
    ) AS h (bucket, hits)
    GROUP BY h.bucket
  ) AS s;
END;

-- Percentiles of a histogram by nearest rank; NULL of an empty one.
CREATE FUNCTION percentiles(buckets smallint[], counts bigint[], highest numeric)
RETURNS TABLE (p50 numeric, p95 numeric, p99 numeric)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
BEGIN ATOMIC
  SELECT
    least(highest, latency_estimate(min(r.bucket) FILTER (WHERE r.at_or_below >= r.hits_in_all * 0.50))),
    least(highest, latency_estimate(min(r.bucket) FILTER (WHERE r.at_or_below >= r.hits_in_all * 0.95))),
    least(highest, latency_estimate(min(r.bucket) FILTER (WHERE r.at_or_below >= r.hits_in_all * 0.99)))
  FROM (
    SELECT h.bucket, sum(h.hits) OVER (ORDER BY h.bucket) AS at_or_below, sum(h.hits) OVER () AS hits_in_all
    FROM unnest(buckets, counts) AS h (bucket, hits)
  ) AS r;
END;

-- A range taken apart into whole days, whole hours and whole minutes, each in the coarsest grain that fits: at most five
-- pieces. A minute that the range only touches is taken whole.
CREATE FUNCTION pieces("from" timestamptz, "to" timestamptz)
RETURNS TABLE (grain text, "from" timestamptz, "to" timestamptz)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
BEGIN ATOMIC
  WITH bounds AS (
    SELECT date_trunc('minute', pieces."from", 'UTC') AS m0,
      date_trunc('minute', pieces."to" + interval '59.999999 seconds', 'UTC') AS m1
  ), grains AS (
    SELECT b.m0, b.m1,
      date_trunc('hour', b.m0 + interval '59 minutes', 'UTC') AS h0, date_trunc('hour', b.m1, 'UTC') AS h1,
      date_trunc('day', b.m0 + interval '1439 minutes', 'UTC') AS d0, date_trunc('day', b.m1, 'UTC') AS d1
    FROM bounds AS b
  )
  SELECT p.grain, p.begins, p.ends
  FROM grains AS g
  CROSS JOIN LATERAL (
    VALUES
      -- A range without a whole hour is one piece of minutes, one without a whole day one piece of hours.
      ('minute', g.m0, CASE WHEN g.h0 < g.h1 THEN g.h0 ELSE g.m1 END),
      ('hour', g.h0, CASE WHEN g.d0 < g.d1 THEN g.d0 ELSE g.h1 END),
      ('day', g.d0, g.d1),
      ('hour', CASE WHEN g.d0 < g.d1 THEN g.d1 ELSE g.h1 END, g.h1),
      ('minute', CASE WHEN g.h0 < g.h1 THEN g.h1 ELSE g.m1 END, g.m1)
  ) AS p (grain, begins, ends)
  WHERE p.begins < p.ends;
END;

-- Deletes what is counted again because of corrections that come with a cut: whole days, since a maximum can't be taken back.
CREATE FUNCTION forget_days(shard integer, after bigint, upto bigint, foresight bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  news record;
BEGIN
  FOR news IN
    SELECT v.project_id, v.mode, to_timestamp(v.first_day * 86400) AS "from", to_timestamp((v.last_day + 1) * 86400) AS "to"
    FROM log.voids_of_cut(forget_days.shard, forget_days.after, forget_days.upto, forget_days.foresight) AS v
    WHERE v.is_news
  LOOP
    DELETE FROM timeline AS t
    WHERE t.shard = forget_days.shard AND t.project_id = news.project_id AND t.mode = news.mode
      AND t.at >= news."from" AND t.at < news."to";
    DELETE FROM endpoints AS t
    WHERE t.shard = forget_days.shard AND t.project_id = news.project_id AND t.mode = news.mode
      AND t.at >= news."from" AND t.at < news."to";
    DELETE FROM paths AS t
    WHERE t.shard = forget_days.shard AND t.project_id = news.project_id AND t.mode = news.mode
      AND t.day >= (news."from" AT TIME ZONE 'UTC')::date AND t.day < (news."to" AT TIME ZONE 'UTC')::date;
  END LOOP;
END
$$;

-- Forgets the detail that a cut's retention_applied say is no longer kept. Runs before the cut's own requests are counted, which
-- then look at `retention` themselves.
CREATE FUNCTION forget_detail(shard integer, after bigint, upto bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  moved record;
BEGIN
  FOR moved IN
    INSERT INTO retention AS r (shard, project_id, before)
    SELECT forget_detail.shard, c.project_id, c."before"
    FROM log.retention_of_cut(forget_detail.shard, forget_detail.after, forget_detail.upto) AS c
    ON CONFLICT ON CONSTRAINT retention_pkey DO UPDATE SET before = excluded.before WHERE r.before < excluded.before
    RETURNING r.project_id, r.before
  LOOP
    DELETE FROM timeline AS t
    WHERE t.shard = forget_detail.shard AND t.project_id = moved.project_id AND t.mode IN ('live', 'test')
      AND t.grain IN ('minute', 'hour') AND t.at < moved.before;
    DELETE FROM endpoints AS t
    WHERE t.shard = forget_detail.shard AND t.project_id = moved.project_id AND t.mode IN ('live', 'test')
      AND t.grain IN ('hour', 'day') AND t.at < moved.before;
    DELETE FROM paths AS t
    WHERE t.shard = forget_detail.shard AND t.project_id = moved.project_id AND t.mode IN ('live', 'test')
      AND t.day < (moved.before AT TIME ZONE 'UTC')::date;
  END LOOP;
END
$$;
