-- Months of an account, each with a row for live events and then one for test events. A month not used has used and refused 0 and the quota
-- that its first event would meet. No row for an account that does not exist.
--   $1 integer  shard
--   $2 uuid     account
--   $3 text[]   months, UTC, as 2026-11
SELECT w.month, k.mode, coalesce(m.used, 0) AS used, coalesce(m.used + m.given_back - m.voided, 0) AS calls,
  coalesce(m.voided, 0) AS voided, coalesce(m.given_back, 0) AS given_back, coalesce(m.quota, k.quota) AS quota,
  coalesce(m.refused, 0) AS refused, m.threshold_reached_at, m.exceeded_at
FROM (
  -- All that was said of the quota, of each the last.
  SELECT h.shard, h.account_id, jsonb_object_agg(t.key, t.value ORDER BY h.position) AS terms
  FROM usage.quotas AS h
  CROSS JOIN LATERAL jsonb_each(h.terms) AS t
  WHERE h.shard = $1::integer AND h.account_id = $2::uuid
  GROUP BY h.shard, h.account_id
) AS q
CROSS JOIN unnest($3::text[]) AS w (month)
CROSS JOIN LATERAL (
  SELECT k.mode, log.quota_of(k.mode, w.month, q.terms) AS quota FROM (VALUES ('live'), ('test')) AS k (mode)
) AS k
LEFT JOIN usage.months AS m
  ON m.shard = q.shard AND m.account_id = q.account_id AND m.month = w.month AND m.mode = k.mode
ORDER BY w.month DESC, k.mode
