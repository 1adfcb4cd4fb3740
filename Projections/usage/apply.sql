-- One pass over the units: how many events a unit holds is all that usage needs, so none is unfolded.
WITH units AS MATERIALIZED (
  SELECT u.shard, u.position, u.event_count, u.recorded_at, u.type, u.account_id, u.project_id, u.key_id, u.mode, u.month,
    CASE WHEN u.type <> 'request_tracked' THEN u.data -> 0 END AS fact
  FROM log.read_units($1, $2, $3) AS u
), received AS MATERIALIZED (
  SELECT u.shard, u.account_id, u.project_id, u.key_id, u.mode, u.month, u.position,
    date_trunc('hour', u.recorded_at, 'UTC') AS hour, date_trunc('minute', u.recorded_at, 'UTC') AS minute,
    CASE WHEN u.type = 'request_tracked' THEN u.event_count ELSE 0 END AS accepted,
    coalesce((u.fact ->> 'duplicates')::bigint, 0) AS duplicates,
    coalesce((u.fact ->> 'refused')::bigint, 0) AS refused,
    coalesce((u.fact ->> 'invalid')::bigint, 0) AS invalid
  FROM units AS u
  WHERE u.type IN ('request_tracked', 'intake_tallied')
), hours_moved AS (
  INSERT INTO intake AS i (
    shard, project_id, mode, hour, key_id, account_id, accepted, duplicates, refused, invalid)
  SELECT r.shard, r.project_id, r.mode, r.hour, r.key_id, r.account_id,
    sum(r.accepted), sum(r.duplicates), sum(r.refused), sum(r.invalid)
  FROM received AS r
  GROUP BY r.shard, r.project_id, r.mode, r.hour, r.key_id, r.account_id
  ON CONFLICT (shard, project_id, mode, hour, key_id) DO UPDATE
  SET accepted = i.accepted + excluded.accepted,
    duplicates = i.duplicates + excluded.duplicates,
    refused = i.refused + excluded.refused,
    invalid = i.invalid + excluded.invalid
), key_months_moved AS (
  INSERT INTO key_months AS k (shard, project_id, month, key_id, account_id, mode, used, refused)
  SELECT r.shard, r.project_id, r.month, r.key_id, r.account_id, r.mode, sum(r.accepted), sum(r.refused)
  FROM received AS r
  WHERE r.accepted > 0 OR r.refused > 0
  GROUP BY r.shard, r.project_id, r.month, r.key_id, r.account_id, r.mode
  ON CONFLICT (shard, project_id, month, key_id) DO UPDATE
  SET used = k.used + excluded.used, refused = k.refused + excluded.refused
), keys_used AS (
  INSERT INTO key_uses AS k (shard, key_id, last_used_at)
  SELECT r.shard, r.key_id, max(r.minute)
  FROM received AS r
  GROUP BY r.shard, r.key_id
  ON CONFLICT (shard, key_id) DO UPDATE SET last_used_at = excluded.last_used_at
  -- Most cuts fall into the minute of the one before: no row version for those.
  WHERE k.last_used_at < excluded.last_used_at
), changes AS MATERIALIZED (
  -- Any domain event that carries `monthly_quota` sets it, as log.remember_streams() has it.
  SELECT u.shard, u.account_id, u.position, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
    (u.fact ->> 'monthly_quota')::bigint AS monthly_quota
  FROM units AS u
  WHERE u.fact ? 'monthly_quota' AND u.type <> 'intake_tallied'
), quotas_moved AS (
  INSERT INTO quotas (shard, account_id, position, month, monthly_quota)
  SELECT c.shard, c.account_id, c.position, c.month, c.monthly_quota FROM changes AS c
), used AS (
  SELECT r.shard, r.account_id, r.month, sum(r.accepted) AS used, sum(r.refused) AS refused,
    min(r.position) AS first_position
  FROM received AS r
  WHERE r.mode = 'live' AND (r.accepted > 0 OR r.refused > 0)
  GROUP BY r.shard, r.account_id, r.month
), crossed AS (
  SELECT u.account_id, u.month,
    min(u.recorded_at) FILTER (WHERE u.type = 'quota_threshold_reached') AS threshold_reached_at,
    min(u.recorded_at) FILTER (WHERE u.type = 'quota_exceeded') AS exceeded_at
  FROM units AS u
  WHERE u.type IN ('quota_threshold_reached', 'quota_exceeded')
  GROUP BY u.account_id, u.month
), touched AS (
  -- The months used here, and all months of an account whose quota changed here. The latter keep their counts.
  SELECT u.shard, u.account_id, u.month, u.used, u.refused, coalesce(m.first_position, u.first_position) AS first_position
  FROM used AS u
  LEFT JOIN months AS m ON m.shard = u.shard AND m.account_id = u.account_id AND m.month = u.month
  UNION ALL
  SELECT m.shard, m.account_id, m.month, 0, 0, m.first_position
  FROM (SELECT DISTINCT c.shard, c.account_id FROM changes AS c) AS a
  JOIN months AS m ON m.shard = a.shard AND m.account_id = a.account_id
  WHERE NOT EXISTS (SELECT FROM used AS u WHERE u.account_id = m.account_id AND u.month = m.month)
)
INSERT INTO months AS m (
  shard, account_id, month, used, refused, quota, first_position, threshold_reached_at, exceeded_at)
SELECT t.shard, t.account_id, t.month, t.used, t.refused, coalesce(q.monthly_quota, 0), t.first_position,
  c.threshold_reached_at, c.exceeded_at
FROM touched AS t
LEFT JOIN crossed AS c ON c.account_id = t.account_id AND c.month = t.month
LEFT JOIN LATERAL (
  -- In force when the month was first used, or set in that month or before: log.recount_meters() has the same rule.
  SELECT h.monthly_quota
  FROM (
    SELECT h.position, h.month, h.monthly_quota FROM quotas AS h
    WHERE h.shard = t.shard AND h.account_id = t.account_id
    UNION ALL
    SELECT c.position, c.month, c.monthly_quota FROM changes AS c WHERE c.account_id = t.account_id
  ) AS h
  WHERE h.position < t.first_position OR h.month <= t.month
  ORDER BY h.position DESC
  LIMIT 1
) AS q ON true
ON CONFLICT (shard, account_id, month) DO UPDATE
SET used = m.used + excluded.used,
  refused = m.refused + excluded.refused,
  quota = excluded.quota,
  -- A crossing stands in the same batch as the event that crossed, so its month is always among those touched.
  threshold_reached_at = coalesce(m.threshold_reached_at, excluded.threshold_reached_at),
  exceeded_at = coalesce(m.exceeded_at, excluded.exceeded_at);
