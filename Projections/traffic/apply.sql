-- Detail that is no longer kept goes; what of this cut lies before it is counted by day alone.
SELECT forget_detail($1, $2, $3);

-- Days of which a correction that comes with this cut took something are counted again, see log.read_corrected().
SELECT forget_days($1, $2, $3, $4);

-- One pass over the log for three tables: every event is looked at once, in one grouping that reduces a cut of many
-- thousands of events to some hundred rows; all else works on those.
WITH tracked AS (
  SELECT u.project_id, u.mode, e.event
  FROM (
    SELECT u.project_id, u.mode, u.data
    FROM log.read_units($1, $2, $3) AS u
    WHERE u.type = 'request_tracked'
      AND (u.project_id, u.mode) NOT IN (SELECT v.project_id, v.mode FROM log.voids_of_cut($1, $2, $3, $4) AS v)
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event (half the cost)
  ) AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) AS e (event)
  UNION ALL
  SELECT c.project_id, c.mode, c.event FROM log.read_corrected($1, $2, $3, $4) AS c
), events AS (
  SELECT e.project_id, e.mode,
    (e.event -> 'timestamp')::bigint AS at,
    e.event ->> 'method' AS method,
    e.event ->> 'template' AS template,
    split_part(e.event ->> 'endpoint', '?', 1) AS path,
    (e.event -> 'status_code')::integer AS status_code,
    (e.event -> 'response_time_ms')::numeric AS response_time_ms
  FROM tracked AS e
), grouped AS MATERIALIZED (
  SELECT e.project_id, e.mode, e.at / 60000 AS minute, e.at / 86400000 AS day, e.method, e.template, e.path,
    width_bucket(e.response_time_ms::double precision, latency_thresholds())::smallint AS bucket,
    GROUPING(e.path) = 1 AS is_latency,
    count(*) AS calls,
    count(*) FILTER (WHERE e.status_code BETWEEN 400 AND 499) AS errors_4xx,
    count(*) FILTER (WHERE e.status_code BETWEEN 500 AND 599) AS errors_5xx,
    sum(e.response_time_ms) AS response_time_ms_sum,
    max(e.response_time_ms) AS response_time_ms_max
  FROM events AS e
  GROUP BY GROUPING SETS (
    (e.project_id, e.mode, e.at / 60000, e.method, e.template,
      width_bucket(e.response_time_ms::double precision, latency_thresholds())::smallint),
    (e.project_id, e.mode, e.at / 86400000, e.method, e.path))
), counted AS MATERIALIZED (
  SELECT g.*,
    to_timestamp(coalesce(g.minute * 60, g.day * 86400)) >= coalesce(
      (SELECT r.before FROM retention AS r WHERE r.shard = $1 AND r.project_id = g.project_id), '-infinity') AS is_detail
  FROM grouped AS g
), timeline_buckets AS (
  SELECT g.project_id, g.mode, s.grain, g.minute / s.minutes * s.minutes AS minute, g.bucket,
    sum(g.calls)::bigint AS calls, sum(g.errors_4xx) AS errors_4xx, sum(g.errors_5xx) AS errors_5xx,
    sum(g.response_time_ms_sum) AS response_time_ms_sum, max(g.response_time_ms_max) AS response_time_ms_max
  FROM counted AS g
  CROSS JOIN (VALUES ('minute', 1), ('hour', 60), ('day', 1440)) AS s (grain, minutes)
  WHERE g.is_latency AND (g.is_detail OR s.grain = 'day')
  GROUP BY g.project_id, g.mode, s.grain, g.minute / s.minutes * s.minutes, g.bucket
), timeline_moved AS (
  INSERT INTO timeline AS t (
    shard, project_id, mode, grain, at, calls, errors_4xx, errors_5xx, response_time_ms_sum, response_time_ms_max,
    buckets, counts)
  SELECT $1, b.project_id, b.mode, b.grain, to_timestamp(b.minute * 60),
    sum(b.calls), sum(b.errors_4xx), sum(b.errors_5xx), sum(b.response_time_ms_sum), max(b.response_time_ms_max),
    array_agg(b.bucket ORDER BY b.bucket), array_agg(b.calls ORDER BY b.bucket)
  FROM timeline_buckets AS b
  GROUP BY b.project_id, b.mode, b.grain, b.minute
  ON CONFLICT (shard, project_id, mode, grain, at) DO UPDATE
  SET calls = t.calls + excluded.calls,
    errors_4xx = t.errors_4xx + excluded.errors_4xx,
    errors_5xx = t.errors_5xx + excluded.errors_5xx,
    response_time_ms_sum = t.response_time_ms_sum + excluded.response_time_ms_sum,
    response_time_ms_max = greatest(t.response_time_ms_max, excluded.response_time_ms_max),
    (buckets, counts) = (
      SELECT m.buckets, m.counts FROM merged(t.buckets, t.counts, excluded.buckets, excluded.counts) AS m)
), endpoint_buckets AS (
  SELECT g.project_id, g.mode, s.grain, g.minute / s.minutes * s.minutes AS minute, g.method, n.template, g.bucket,
    sum(g.calls)::bigint AS calls, sum(g.errors_4xx) AS errors_4xx, sum(g.errors_5xx) AS errors_5xx,
    sum(g.response_time_ms_sum) AS response_time_ms_sum, max(g.response_time_ms_max) AS response_time_ms_max
  FROM counted AS g
  CROSS JOIN (VALUES ('hour', 60), ('day', 1440)) AS s (grain, minutes)
  CROSS JOIN LATERAL (
    -- An index can't hold much more: one absurd template must not stop the projection.
    SELECT CASE WHEN octet_length(g.template) > 2048 THEN left(g.template, 512) || '…' ELSE g.template END AS template
  ) AS n
  WHERE g.is_latency AND g.is_detail
  GROUP BY g.project_id, g.mode, s.grain, g.minute / s.minutes * s.minutes, g.method, n.template, g.bucket
), endpoints_moved AS (
  INSERT INTO endpoints AS t (
    shard, project_id, mode, grain, at, method, template, calls, errors_4xx, errors_5xx, response_time_ms_sum,
    response_time_ms_max, buckets, counts)
  SELECT $1, b.project_id, b.mode, b.grain, to_timestamp(b.minute * 60), b.method, b.template,
    sum(b.calls), sum(b.errors_4xx), sum(b.errors_5xx), sum(b.response_time_ms_sum), max(b.response_time_ms_max),
    array_agg(b.bucket ORDER BY b.bucket), array_agg(b.calls ORDER BY b.bucket)
  FROM endpoint_buckets AS b
  GROUP BY b.project_id, b.mode, b.grain, b.minute, b.method, b.template
  ON CONFLICT (shard, project_id, mode, grain, at, method, template) DO UPDATE
  SET calls = t.calls + excluded.calls,
    errors_4xx = t.errors_4xx + excluded.errors_4xx,
    errors_5xx = t.errors_5xx + excluded.errors_5xx,
    response_time_ms_sum = t.response_time_ms_sum + excluded.response_time_ms_sum,
    response_time_ms_max = greatest(t.response_time_ms_max, excluded.response_time_ms_max),
    (buckets, counts) = (
      SELECT m.buckets, m.counts FROM merged(t.buckets, t.counts, excluded.buckets, excluded.counts) AS m)
)
INSERT INTO paths AS t (shard, project_id, mode, day, method, path, calls)
SELECT $1, g.project_id, g.mode, '1970-01-01'::date + g.day::integer, g.method, g.path, g.calls
FROM counted AS g
WHERE NOT g.is_latency AND g.is_detail
ON CONFLICT (shard, project_id, mode, day, method, path) DO UPDATE SET calls = t.calls + excluded.calls;
