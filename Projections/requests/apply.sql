-- The days' partitions. Which months a cut touches stands on its units, so no event is unfolded for it.
SELECT ensure_days(m.month)
FROM (SELECT DISTINCT u.month FROM log.read_units($1, $2, $3) AS u WHERE u.type = 'request_tracked') AS m;

-- Keeps, of what was kept and what arrived, the latest 1,000 of each project, mode, day and class. The latest of a union are
-- the latest of the parts' latest, so it does not matter where the cuts lie. Only what must go is looked for: as many of the
-- oldest as there are too many, all at or before a cutoff.
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
), grouped AS (
  SELECT e.shard, e.project_id, e.mode, e.class, e.day, array_agg(e.timestamp) AS timestamps
  FROM events AS e
  GROUP BY e.shard, e.project_id, e.mode, e.class, e.day
), groups AS MATERIALIZED (
  -- The timestamp below which nothing of the cut is kept: to sort numbers first and then to rank the few events that are left
  -- costs a third of ranking them all. Groups are numbered, since five columns are slow to sort by.
  SELECT row_number() OVER () AS group_id, g.shard, g.project_id, g.mode, g.class, g.day,
    least(1000, cardinality(g.timestamps)) AS arrivals,
    coalesce((SELECT t FROM unnest(g.timestamps) AS t ORDER BY t DESC OFFSET 999 LIMIT 1), 0) AS threshold
  FROM grouped AS g
), ranked AS (
  SELECT g.group_id, e.*,
    row_number() OVER (PARTITION BY g.group_id ORDER BY e.timestamp DESC, e.position DESC) AS rank
  FROM groups AS g
  JOIN events AS e
    ON e.shard = g.shard AND e.project_id = g.project_id AND e.mode = g.mode AND e.class = g.class AND e.day = g.day
    AND e.timestamp >= g.threshold
), arrived AS MATERIALIZED (
  SELECT r.*, to_timestamp(r.timestamp / 1000.0) AS at FROM ranked AS r WHERE r.rank <= 1000
), counted AS MATERIALIZED (
  SELECT g.group_id, g.shard, g.project_id, g.mode, g.class, d.day, g.arrivals,
    greatest(0, coalesce(k.rows, 0) + g.arrivals - 1000) AS excess
  FROM groups AS g
  CROSS JOIN LATERAL (SELECT '1970-01-01'::date + g.day::integer AS day) AS d
  LEFT JOIN kept AS k
    ON k.shard = g.shard AND k.project_id = g.project_id AND k.mode = g.mode AND k.class = g.class AND k.day = d.day
), cutoffs AS MATERIALIZED (
  -- Where a group has too many, the last of those that must go.
  SELECT o.group_id, o.at, o.position
  FROM (
    SELECT o.*, row_number() OVER (PARTITION BY o.group_id ORDER BY o.at, o.position) AS rank
    FROM (
      SELECT c.group_id, c.excess, l.at, l.position
      FROM counted AS c
      CROSS JOIN LATERAL (
        SELECT l.at, l.position
        FROM latest AS l
        WHERE l.shard = c.shard AND l.project_id = c.project_id AND l.mode = c.mode AND l.class = c.class
          AND l.at >= c.day::timestamp AT TIME ZONE 'UTC' AND l.at < (c.day + 1)::timestamp AT TIME ZONE 'UTC'
        ORDER BY l.at, l.position
        LIMIT c.excess
      ) AS l
      WHERE c.excess > 0
      UNION ALL
      SELECT c.group_id, c.excess, a.at, a.position
      FROM counted AS c
      JOIN arrived AS a ON a.group_id = c.group_id
      WHERE c.excess > 0
    ) AS o
  ) AS o
  WHERE o.rank = o.excess
), forgotten AS MATERIALIZED (
  SELECT forget(c.day, $1, array_agg(c.project_id), array_agg(c.mode), array_agg(c.class), array_agg(f.at),
    array_agg(f.position)) AS rows
  FROM cutoffs AS f
  JOIN counted AS c ON c.group_id = f.group_id
  GROUP BY c.day
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
LEFT JOIN cutoffs AS f ON f.group_id = a.group_id
WHERE (f.group_id IS NULL OR (a.at, a.position) > (f.at, f.position))
  -- Always true; a SELECT that nothing asks for would not be run.
  AND (SELECT count(*) FROM forgotten) >= 0;
