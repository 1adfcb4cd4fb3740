INSERT INTO facts AS t (
  shard, account_id, month, mode, quota_position, terms, first_position, used, refused, threshold_quotas, exceeded_quotas)
SELECT $1, f.*
FROM log.meter_facts($1, $2, $3) AS f
ON CONFLICT (shard, account_id, month, mode, quota_position) DO UPDATE
SET first_position = least(t.first_position, excluded.first_position),
  used = t.used + excluded.used,
  refused = t.refused + excluded.refused,
  threshold_quotas = log.either(t.threshold_quotas, excluded.threshold_quotas),
  exceeded_quotas = log.either(t.exceeded_quotas, excluded.exceeded_quotas);
