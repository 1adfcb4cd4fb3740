-- An account's month, a row for live events and then one for test events; a month not used yet has used and refused 0 and the quota
-- that its first event would meet. No row for an account that does not exist.
--   $1 integer  shard
--   $2 uuid     account
--   $3 text     month, UTC, as 2026-11
SELECT $3::text AS month, k.mode, coalesce(m.used, 0) AS used, coalesce(m.used + m.given_back - m.voided, 0) AS calls,
  coalesce(m.voided, 0) AS voided, coalesce(m.given_back, 0) AS given_back, coalesce(m.quota, k.quota) AS quota,
  coalesce(m.refused, 0) AS refused, m.threshold_reached_at, m.exceeded_at
FROM (
  SELECT h.shard, h.account_id, h.monthly_quota, h.test_quota
  FROM usage.quotas AS h
  WHERE h.shard = $1::integer AND h.account_id = $2::uuid
  ORDER BY h.position DESC
  LIMIT 1
) AS q
CROSS JOIN LATERAL (VALUES ('live', q.monthly_quota), ('test', q.test_quota)) AS k (mode, quota)
LEFT JOIN usage.months AS m
  ON m.shard = q.shard AND m.account_id = q.account_id AND m.month = $3::text AND m.mode = k.mode
ORDER BY k.mode
