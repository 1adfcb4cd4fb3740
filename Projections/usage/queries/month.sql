-- An account's month; a month not used yet has used and refused 0 and the quota that its first event would meet. No row for
-- an account that does not exist.
--   $1 integer  shard
--   $2 uuid     account
--   $3 text     month, UTC, as 2026-11
SELECT $3::text AS month, coalesce(m.used, 0) AS used, coalesce(m.voided, 0) AS voided,
  coalesce(m.quota, q.monthly_quota) AS quota,
  coalesce(m.refused, 0) AS refused, m.threshold_reached_at, m.exceeded_at
FROM (
  SELECT h.shard, h.account_id, h.monthly_quota
  FROM usage.quotas AS h
  WHERE h.shard = $1::integer AND h.account_id = $2::uuid
  ORDER BY h.position DESC
  LIMIT 1
) AS q
LEFT JOIN usage.months AS m ON m.shard = q.shard AND m.account_id = q.account_id AND m.month = $3::text
