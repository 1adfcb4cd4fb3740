-- The meters of a shard as the log alone gives them, up to its head (promise 7). Compared by `recount replay --check` with
-- log.meters, row for row.
--
-- A meter's quota is the one in force when its month was first used, or the last one set in that month or later ones
-- up to now: what log.remember_streams() does step by step.
CREATE OR REPLACE FUNCTION log.recount_meters(shard integer, upto bigint)
RETURNS TABLE (
  shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint,
  threshold_reached boolean, exceeded boolean
)
LANGUAGE sql
STABLE
AS $$
  WITH units AS MATERIALIZED (
    SELECT u.position, u.event_count, u.recorded_at, u.type, u.account_id, u.mode, u.month,
      (u.data -> 0 ->> 'refused')::bigint AS refused,
      (u.data -> 0 ->> 'monthly_quota')::bigint AS monthly_quota,
      CASE WHEN u.type = 'telemetry_voided' THEN u.data -> 0 END AS void
    FROM log.read_units(recount_meters.shard, 0, recount_meters.upto) AS u
  ), quotas AS (
    SELECT u.account_id, u.position, u.monthly_quota, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
    FROM units AS u
    WHERE u.monthly_quota IS NOT NULL AND u.type NOT IN ('request_tracked', 'intake_tallied')
  ), months AS (
    SELECT u.account_id, u.month, min(u.position) AS first_position,
      coalesce(sum(u.event_count) FILTER (WHERE u.type = 'request_tracked'), 0)::bigint AS used,
      coalesce(sum(u.refused) FILTER (WHERE u.type = 'intake_tallied'), 0)::bigint AS refused
    FROM units AS u
    WHERE u.mode = 'live' AND (u.type = 'request_tracked' OR u.type = 'intake_tallied' AND u.refused > 0)
    GROUP BY u.account_id, u.month
  ), voided AS (
    SELECT u.account_id, c.month, sum(c.events)::bigint AS events
    FROM units AS u
    CROSS JOIN LATERAL jsonb_to_recordset(u.void -> 'counts') AS c (month text, events bigint)
    WHERE u.type = 'telemetry_voided' AND u.void ->> 'mode' = 'live'
    GROUP BY u.account_id, c.month
  ), crossings AS (
    SELECT u.account_id, u.month, bool_or(u.type = 'quota_threshold_reached') AS threshold_reached,
      bool_or(u.type = 'quota_exceeded') AS exceeded
    FROM units AS u
    WHERE u.type IN ('quota_threshold_reached', 'quota_exceeded')
    GROUP BY u.account_id, u.month
  )
  SELECT recount_meters.shard, m.account_id, m.month, m.used - coalesce(v.events, 0), coalesce(q.monthly_quota, 0), m.refused,
    coalesce(c.threshold_reached, false), coalesce(c.exceeded, false)
  FROM months AS m
  LEFT JOIN crossings AS c ON c.account_id = m.account_id AND c.month = m.month
  LEFT JOIN voided AS v ON v.account_id = m.account_id AND v.month = m.month
  LEFT JOIN LATERAL (
    SELECT q.monthly_quota
    FROM quotas AS q
    WHERE q.account_id = m.account_id AND (q.position < m.first_position OR q.month <= m.month)
    ORDER BY q.position DESC
    LIMIT 1
  ) AS q ON true
$$;
