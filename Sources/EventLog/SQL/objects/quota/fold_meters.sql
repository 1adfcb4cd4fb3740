-- The meters that facts give, those of a whole shard up to some position (promise 7).
CREATE OR REPLACE FUNCTION log.fold_meters(shard integer, facts log.meter_fact[])
RETURNS TABLE (
  shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint,
  mode text, threshold_quotas bigint[], exceeded_quotas bigint[]
)
LANGUAGE sql
STABLE
AS $$
  WITH facts AS MATERIALIZED (
    SELECT f.* FROM unnest(fold_meters.facts) AS f
  ), months AS (
    SELECT f.account_id, f.month, f.mode, min(f.first_position) AS first_position, sum(f.used)::bigint AS used,
      sum(f.refused)::bigint AS refused
    FROM facts AS f
    WHERE f.quota_position <= 0
    GROUP BY f.account_id, f.month, f.mode
    HAVING min(f.first_position) IS NOT NULL
  )
  SELECT fold_meters.shard, m.account_id, m.month, m.used,
    log.quota_in_force(m.mode, m.month, m.first_position, s.settings), m.refused, m.mode,
    coalesce(c.threshold_quotas, '{}'), coalesce(c.exceeded_quotas, '{}')
  FROM months AS m
  LEFT JOIN (
    SELECT f.account_id,
      array_agg((f.quota_position, f.month, f.terms)::log.quota_setting) AS settings
    FROM facts AS f
    WHERE f.quota_position > 0
    GROUP BY f.account_id
  ) AS s ON s.account_id = m.account_id
  LEFT JOIN (
    SELECT f.account_id, f.month, f.mode,
      array_agg(DISTINCT q.threshold ORDER BY q.threshold) FILTER (WHERE q.threshold IS NOT NULL) AS threshold_quotas,
      array_agg(DISTINCT q.exceeded ORDER BY q.exceeded) FILTER (WHERE q.exceeded IS NOT NULL) AS exceeded_quotas
    FROM facts AS f
    CROSS JOIN LATERAL unnest(f.threshold_quotas, f.exceeded_quotas) AS q (threshold, exceeded)
    GROUP BY f.account_id, f.month, f.mode
  ) AS c ON c.account_id = m.account_id AND c.month = m.month AND c.mode = m.mode
$$;
