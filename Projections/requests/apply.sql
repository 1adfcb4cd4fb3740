-- What is no longer kept goes; what of this cut lies before it is not even looked at.
SELECT forget_detail($1, $2, $3);

-- The days' partitions. Which months a cut touches stands on its units, so no event is unfolded for it.
SELECT ensure_days(m.month)
FROM (SELECT DISTINCT u.month FROM log.read_units($1, $2, $3) AS u WHERE u.type = 'request_tracked') AS m;

-- Days of which a correction that comes with this cut took something are filled again, see log.read_corrected().
SELECT forget_days($1, $2, $3, $4);

-- The planner, which knows nothing of a cut's groups, would sort all events by four columns where a hash of a few groups does.
SET LOCAL enable_mergejoin = off;

-- Keeps, of what was kept and what arrived, the latest 1,000 of each group: project, mode, day and class. The latest of a
-- union are the latest of the parts' latest, so it does not matter where the cuts lie. Only what must go is looked for: as
-- many of the oldest as there are too many.
WITH tracked AS (
  SELECT u.project_id, u.mode, u.key_id, u.recorded_at, u.position + e.k - 1 AS position,
    coalesce(u.event_ids ->> (e.k - 1)::integer, u.batch_id)::uuid AS id,
    CASE
      WHEN u.event_ids IS NOT NULL THEN 0
      ELSE coalesce((u.ordinals ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer)
    END AS ordinal,
    e.event
  FROM (
    SELECT u.project_id, u.mode, u.key_id, u.recorded_at, u.position,
      u.unit ->> 'batch_id' AS batch_id, u.unit -> 'event_ids' AS event_ids, u.unit -> 'ordinals' AS ordinals, u.data
    FROM log.read_units($1, $2, $3) AS u
    WHERE u.type = 'request_tracked'
      AND (u.project_id, u.mode) NOT IN (SELECT v.project_id, v.mode FROM log.voids_of_cut($1, $2, $3, $4) AS v)
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event
  ) AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  UNION ALL
  SELECT c.project_id, c.mode, c.key_id, c.recorded_at, c.position, c.id, c.ordinal, c.event
  FROM log.read_corrected($1, $2, $3, $4) AS c
), events AS MATERIALIZED (
  SELECT e.project_id, e.mode, e.key_id, e.recorded_at, e.position, e.id, e.ordinal,
    (e.event -> 'timestamp')::bigint AS timestamp,
    (e.event -> 'timestamp')::bigint / 86400000 AS day,
    CASE
      WHEN (e.event -> 'status_code')::integer < 400 THEN 'ok'
      WHEN (e.event -> 'status_code')::integer < 500 THEN '4xx'
      ELSE '5xx'
    END AS class,
    e.event
  FROM tracked AS e
), grouped AS (
  SELECT e.project_id, e.mode, e.class, e.day, array_agg(e.timestamp) AS timestamps
  FROM events AS e
  GROUP BY e.project_id, e.mode, e.class, e.day
), groups AS MATERIALIZED (
  -- The timestamp below which nothing of the cut is kept: to sort numbers first and then to rank the few events that are left
  -- costs a third of ranking them all. Groups are numbered, since four columns are slow to sort by.
  SELECT row_number() OVER () AS group_id, g.*, least(1000, cardinality(g.timestamps)) AS arrivals,
    coalesce((SELECT t FROM unnest(g.timestamps) AS t ORDER BY t DESC OFFSET 999 LIMIT 1), 0) AS threshold
  FROM grouped AS g
  WHERE to_timestamp(g.day * 86400) >= coalesce(
    (SELECT r.before FROM retention AS r WHERE r.shard = $1 AND r.project_id = g.project_id), '-infinity')
), counted AS MATERIALIZED (
  SELECT g.group_id, g.project_id, g.mode, g.class, g.day, g.threshold, g.arrivals,
    greatest(0, coalesce(k.rows, 0) + g.arrivals - 1000) AS excess
  FROM groups AS g
  LEFT JOIN kept AS k
    ON k.shard = $1 AND k.project_id = g.project_id AND k.mode = g.mode AND k.class = g.class AND k.day = g.day
), ranked AS (
  SELECT c.group_id, c.excess, e.*,
    row_number() OVER (PARTITION BY c.group_id ORDER BY e.timestamp DESC, e.position DESC) AS rank
  FROM counted AS c
  JOIN events AS e
    ON e.project_id = c.project_id AND e.mode = c.mode AND e.class = c.class AND e.day = c.day
    AND e.timestamp >= c.threshold
), candidates AS (
  SELECT r.group_id, r.excess, r.project_id, r.mode, r.class, r.day, to_timestamp(r.timestamp / 1000.0) AS at, r.position,
    r.id, r.ordinal, r.key_id, r.recorded_at, r.event
  FROM ranked AS r
  WHERE r.rank <= 1000
  UNION ALL
  SELECT c.group_id, c.excess, c.project_id, c.mode, c.class, c.day, l.at, l.position, NULL, NULL, NULL, NULL, NULL
  FROM counted AS c
  CROSS JOIN LATERAL (
    SELECT l.at, l.position
    FROM latest AS l
    WHERE l.shard = $1 AND l.project_id = c.project_id AND l.mode = c.mode AND l.class = c.class
      AND l.at >= to_timestamp(c.day * 86400) AND l.at < to_timestamp((c.day + 1) * 86400)
    ORDER BY l.at, l.position
    LIMIT c.excess
  ) AS l
  WHERE c.excess > 0
), judged AS MATERIALIZED (
  SELECT c.*, row_number() OVER (PARTITION BY c.group_id ORDER BY c.at, c.position) AS rank
  FROM candidates AS c
), forgotten AS (
  -- What lies at or before the last of those that must go.
  SELECT forget(j.day, $1, array_agg(j.project_id), array_agg(j.mode), array_agg(j.class), array_agg(j.at),
    array_agg(j.position)) AS rows
  FROM judged AS j
  WHERE j.rank = j.excess
  GROUP BY j.day
), counts_moved AS (
  INSERT INTO kept AS k (shard, project_id, mode, class, day, rows)
  SELECT $1, c.project_id, c.mode, c.class, c.day, c.arrivals FROM counted AS c
  ON CONFLICT (shard, project_id, mode, class, day) DO UPDATE SET rows = least(1000, k.rows + excluded.rows)
)
INSERT INTO latest (
  shard, project_id, mode, class, at, position, method, endpoint, template, status_code, response_time_ms, id, ordinal,
  key_id, recorded_at)
SELECT $1, j.project_id, j.mode, j.class, j.at, j.position, j.event ->> 'method', j.event ->> 'endpoint',
  j.event ->> 'template', (j.event -> 'status_code')::integer, (j.event -> 'response_time_ms')::numeric, j.id, j.ordinal,
  j.key_id, j.recorded_at
FROM judged AS j
WHERE j.rank > j.excess AND j.event IS NOT NULL
  -- Always true; a SELECT that nothing asks for would not be run.
  AND (SELECT count(*) FROM forgotten) >= 0;
