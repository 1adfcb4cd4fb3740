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
