INSERT INTO facts AS t (
  shard, account_id, month, mode, quota_position, monthly_quota, test_quota, first_position, used, refused, threshold_reached,
  exceeded)
SELECT $1, f.*
FROM log.meter_facts($1, $2, $3) AS f
ON CONFLICT (shard, account_id, month, mode, quota_position) DO UPDATE
SET first_position = least(t.first_position, excluded.first_position),
  used = t.used + excluded.used,
  refused = t.refused + excluded.refused,
  threshold_reached = t.threshold_reached OR excluded.threshold_reached,
  exceeded = t.exceeded OR excluded.exceeded;
