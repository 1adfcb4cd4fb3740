-- The days' partitions. Which months a cut touches stands on its units, so no event is unfolded for it.
SELECT ensure_days(m.month)
FROM (SELECT DISTINCT u.month FROM log.read_units($1, $2, $3) AS u WHERE u.type = 'request_tracked') AS m;

-- Keeps, of what was kept and what arrived, the latest 1,000 of each project, mode, day and class. The latest of a union are
-- the latest of the parts' latest, so it does not matter where the cuts lie. Only what must go is looked for: as many of the
-- oldest as there are too many.
WITH events AS MATERIALIZED (
  SELECT u.shard, u.project_id, u.mode, u.key_id, u.recorded_at, u.id, u.position + e.k - 1 AS position,
    coalesce((u.ordinals ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer) AS ordinal,
    (e.event -> 'timestamp')::bigint AS timestamp,
    (e.event -> 'timestamp')::bigint / 86400000 AS day,
    CASE
      WHEN (e.event -> 'status_code')::integer < 400 THEN 'ok'
      WHEN (e.event -> 'status_code')::integer < 500 THEN '4xx'
      ELSE '5xx'
    END AS class,
    e.event
  FROM (
    SELECT u.shard, u.project_id, u.mode, u.key_id, u.recorded_at, u.position,
      coalesce(u.unit ->> 'event_id', u.unit ->> 'batch_id')::uuid AS id, u.unit -> 'ordinals' AS ordinals, u.data
    FROM log.read_units($1, $2, $3) AS u
    WHERE u.type = 'request_tracked'
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event
  ) AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
), thresholds AS (
  -- The timestamp below which nothing of this cut is kept. Sorting numbers and only then ranking the few events left costs a
  -- third of ranking all events.
  SELECT g.shard, g.project_id, g.mode, g.class, g.day, coalesce((
    SELECT t FROM unnest(g.timestamps) AS t ORDER BY t DESC OFFSET 999 LIMIT 1), 0) AS timestamp
  FROM (
    SELECT e.shard, e.project_id, e.mode, e.class, e.day, array_agg(e.timestamp) AS timestamps
    FROM events AS e
    GROUP BY e.shard, e.project_id, e.mode, e.class, e.day
  ) AS g
), ranked AS (
  SELECT e.*, row_number() OVER (
    PARTITION BY e.shard, e.project_id, e.mode, e.class, e.day ORDER BY e.timestamp DESC, e.position DESC
  ) AS rank
  FROM events AS e
  JOIN thresholds AS t
    ON t.shard = e.shard AND t.project_id = e.project_id AND t.mode = e.mode AND t.class = e.class AND t.day = e.day
    AND e.timestamp >= t.timestamp
), arrived AS MATERIALIZED (
  SELECT r.shard, r.project_id, r.mode, r.class, '1970-01-01'::date + r.day::integer AS day,
    to_timestamp(r.timestamp / 1000.0) AS at, r.position, r.id, r.ordinal, r.key_id, r.recorded_at, r.event
  FROM ranked AS r
  WHERE r.rank <= 1000
), counted AS MATERIALIZED (
  SELECT a.shard, a.project_id, a.mode, a.class, a.day, count(*)::integer AS arrivals,
    greatest(0, coalesce(min(k.rows), 0) + count(*)::integer - 1000) AS excess
  FROM arrived AS a
  LEFT JOIN kept AS k
    ON k.shard = a.shard AND k.project_id = a.project_id AND k.mode = a.mode AND k.class = a.class AND k.day = a.day
  GROUP BY a.shard, a.project_id, a.mode, a.class, a.day
), surplus AS MATERIALIZED (
  SELECT c.shard, c.project_id, c.mode, c.class, o.at, o.position
  FROM counted AS c
  CROSS JOIN LATERAL (
    SELECT o.at, o.position
    FROM (
      (SELECT l.at, l.position
      FROM latest AS l
      WHERE l.shard = c.shard AND l.project_id = c.project_id AND l.mode = c.mode AND l.class = c.class
        AND l.at >= c.day::timestamp AT TIME ZONE 'UTC' AND l.at < (c.day + 1)::timestamp AT TIME ZONE 'UTC'
      ORDER BY l.at, l.position
      LIMIT c.excess)
      UNION ALL
      SELECT a.at, a.position
      FROM arrived AS a
      WHERE a.project_id = c.project_id AND a.mode = c.mode AND a.class = c.class AND a.day = c.day
    ) AS o
    ORDER BY o.at, o.position
    LIMIT c.excess
  ) AS o
  WHERE c.excess > 0
), removed AS (
  DELETE FROM latest AS l
  USING surplus AS s
  WHERE l.shard = s.shard AND l.project_id = s.project_id AND l.mode = s.mode AND l.class = s.class
    AND l.at = s.at AND l.position = s.position
), counts_moved AS (
  INSERT INTO kept AS k (shard, project_id, mode, class, day, rows)
  SELECT c.shard, c.project_id, c.mode, c.class, c.day, c.arrivals FROM counted AS c
  ON CONFLICT (shard, project_id, mode, class, day) DO UPDATE SET rows = least(1000, k.rows + excluded.rows)
)
INSERT INTO latest (
  shard, project_id, mode, class, at, position, method, endpoint, template, status_code, response_time_ms, id, ordinal,
  key_id, recorded_at)
SELECT a.shard, a.project_id, a.mode, a.class, a.at, a.position, a.event ->> 'method', a.event ->> 'endpoint',
  a.event ->> 'template', (a.event -> 'status_code')::integer, (a.event -> 'response_time_ms')::numeric, a.id, a.ordinal,
  a.key_id, a.recorded_at
FROM arrived AS a
WHERE NOT EXISTS (SELECT FROM surplus AS s WHERE s.position = a.position);
