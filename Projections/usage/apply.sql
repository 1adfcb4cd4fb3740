-- Hours that are no longer kept go; what of this cut lies before them is counted by day alone.
SELECT forget_detail($1, $2, $3);

-- One pass over the units: how many events a unit holds is all that usage needs, so none is unfolded.
WITH units AS MATERIALIZED (
  SELECT u.shard, u.position, u.event_count, u.recorded_at, u.type, u.stream, u.account_id, u.project_id, u.key_id, u.mode, u.month,
    (u.unit ->> 'actor_id')::uuid AS actor_id,
    CASE WHEN u.type <> 'request_tracked' THEN u.data END AS data
  FROM log.read_units($1, $2, $3) AS u
), received AS MATERIALIZED (
  SELECT u.shard, u.account_id, u.project_id, u.key_id, u.mode, u.month, u.position,
    date_trunc('hour', u.recorded_at, 'UTC') AS hour, date_trunc('minute', u.recorded_at, 'UTC') AS minute,
    CASE WHEN u.type = 'request_tracked' THEN u.event_count ELSE 0 END AS accepted,
    coalesce((u.data -> 0 ->> 'duplicates')::bigint, 0) AS duplicates,
    coalesce((u.data -> 0 ->> 'refused')::bigint, 0) AS refused,
    coalesce((u.data -> 0 ->> 'invalid')::bigint, 0) AS invalid,
    coalesce((u.data -> 0 ->> 'malformed')::bigint, 0) AS malformed,
    coalesce((u.data -> 0 ->> 'outside_window')::bigint, 0) AS outside_window,
    coalesce((u.data -> 0 ->> 'id_conflicts')::bigint, 0) AS id_conflicts,
    coalesce((u.data -> 0 ->> 'throttled')::bigint, 0) AS throttled
  FROM units AS u
  WHERE u.type IN ('request_tracked', 'intake_tallied')
), voids AS MATERIALIZED (
  SELECT u.shard, u.account_id, u.project_id, u.position, u.recorded_at, u.actor_id, u.type, u.data
  FROM units AS u
  WHERE u.type = 'telemetry_voided'
), voids_moved AS (
  INSERT INTO voids (
    shard, project_id, position, account_id, void_id, mode, "from", "to", upto_position, reason, events, counts,
    gives_back_quota, voided_by, recorded_at)
  SELECT v.shard, v.project_id, v.position, v.account_id, f.void_id, f.mode, to_timestamp(f."from" / 1000.0),
    to_timestamp(f."to" / 1000.0), f.upto_position, f.reason,
    (SELECT sum(c.events) FROM jsonb_to_recordset(f.counts) AS c (events bigint)), f.counts,
    f.gives_back_quota, v.actor_id, v.recorded_at
  FROM voids AS v
  CROSS JOIN LATERAL jsonb_to_record(v.data -> 0) AS f (
    void_id uuid, mode text, "from" bigint, "to" bigint, upto_position bigint, reason text, counts jsonb,
    gives_back_quota boolean)
), counted AS MATERIALIZED (
  -- What the months gain and lose; a void never is the first to use a month.
  SELECT r.shard, r.account_id, r.project_id, r.key_id, r.mode, r.month, r.position, r.accepted, 0::bigint AS voided,
    0::bigint AS given_back, r.refused
  FROM received AS r
  WHERE r.accepted > 0 OR r.refused > 0
  UNION ALL
  SELECT v.shard, v.account_id, v.project_id, c.key_id, c.mode, c.month, v.position, 0, c.events, c.given_back, 0
  FROM voids AS v
  CROSS JOIN LATERAL log.counts_of_void(v.type, v.data) AS c
), by_hour AS MATERIALIZED (
  SELECT r.shard, r.project_id, r.mode, r.hour, r.key_id, r.account_id, sum(r.accepted) AS accepted,
    sum(r.duplicates) AS duplicates, sum(r.refused) AS refused, sum(r.invalid) AS invalid, sum(r.malformed) AS malformed,
    sum(r.outside_window) AS outside_window, sum(r.id_conflicts) AS id_conflicts, sum(r.throttled) AS throttled
  FROM received AS r
  GROUP BY r.shard, r.project_id, r.mode, r.hour, r.key_id, r.account_id
), hours_moved AS (
  INSERT INTO intake AS i (
    shard, project_id, mode, hour, key_id, account_id, accepted, duplicates, refused, invalid, malformed, outside_window,
    id_conflicts, throttled)
  SELECT r.shard, r.project_id, r.mode, r.hour, r.key_id, r.account_id, r.accepted, r.duplicates, r.refused, r.invalid,
    r.malformed, r.outside_window, r.id_conflicts, r.throttled
  FROM by_hour AS r
  WHERE r.hour >= log.detail_from(r.shard, r.project_id)
  ON CONFLICT (shard, project_id, mode, hour, key_id) DO UPDATE
  SET accepted = i.accepted + excluded.accepted,
    duplicates = i.duplicates + excluded.duplicates,
    refused = i.refused + excluded.refused,
    invalid = i.invalid + excluded.invalid,
    malformed = i.malformed + excluded.malformed,
    outside_window = i.outside_window + excluded.outside_window,
    id_conflicts = i.id_conflicts + excluded.id_conflicts,
    throttled = i.throttled + excluded.throttled
), days_moved AS (
  INSERT INTO days AS d (
    shard, project_id, mode, day, key_id, account_id, accepted, duplicates, refused, invalid, malformed, outside_window,
    id_conflicts, throttled)
  SELECT r.shard, r.project_id, r.mode, (r.hour AT TIME ZONE 'UTC')::date, r.key_id, r.account_id,
    sum(r.accepted), sum(r.duplicates), sum(r.refused), sum(r.invalid), sum(r.malformed), sum(r.outside_window),
    sum(r.id_conflicts), sum(r.throttled)
  FROM by_hour AS r
  GROUP BY r.shard, r.project_id, r.mode, (r.hour AT TIME ZONE 'UTC')::date, r.key_id, r.account_id
  ON CONFLICT (shard, project_id, mode, day, key_id) DO UPDATE
  SET accepted = d.accepted + excluded.accepted,
    duplicates = d.duplicates + excluded.duplicates,
    refused = d.refused + excluded.refused,
    invalid = d.invalid + excluded.invalid,
    malformed = d.malformed + excluded.malformed,
    outside_window = d.outside_window + excluded.outside_window,
    id_conflicts = d.id_conflicts + excluded.id_conflicts,
    throttled = d.throttled + excluded.throttled
), key_months_moved AS (
  INSERT INTO key_months AS k (shard, project_id, month, key_id, account_id, mode, used, voided, given_back, refused)
  SELECT c.shard, c.project_id, c.month, c.key_id, c.account_id, c.mode, sum(c.accepted - c.given_back),
    sum(c.voided), sum(c.given_back), sum(c.refused)
  FROM counted AS c
  GROUP BY c.shard, c.project_id, c.month, c.key_id, c.account_id, c.mode
  ON CONFLICT (shard, project_id, month, key_id) DO UPDATE
  SET used = k.used + excluded.used,
    voided = k.voided + excluded.voided,
    given_back = k.given_back + excluded.given_back,
    refused = k.refused + excluded.refused
), pieces_moved AS (
  INSERT INTO pieces AS p (
    shard, account_id, month, mode, recorded_on, project_id, key_id, events, first_position, last_position)
  SELECT u.shard, u.account_id, u.month, u.mode, (u.recorded_at AT TIME ZONE 'UTC')::date, u.project_id, u.key_id,
    sum(u.event_count), min(u.position), max(u.position + u.event_count - 1)
  FROM units AS u
  WHERE u.type = 'request_tracked'
  GROUP BY u.shard, u.account_id, u.month, u.mode, (u.recorded_at AT TIME ZONE 'UTC')::date, u.project_id, u.key_id
  ON CONFLICT (shard, account_id, month, mode, recorded_on, project_id, key_id) DO UPDATE
  SET events = p.events + excluded.events,
    first_position = least(p.first_position, excluded.first_position),
    last_position = greatest(p.last_position, excluded.last_position)
), keys_used AS (
  INSERT INTO key_uses AS k (shard, key_id, last_used_at)
  SELECT s.shard, s.key_id, max(s.minute)
  FROM (
    SELECT r.shard, r.key_id, r.minute FROM received AS r
    UNION ALL
    -- A key that read. The server's clock may be ahead of the log's.
    SELECT u.shard, u.key_id,
      date_trunc('minute', least(to_timestamp((u.data -> 0 ->> 'used_at')::bigint / 1000.0), u.recorded_at), 'UTC')
    FROM units AS u
    WHERE u.type = 'key_used'
  ) AS s (shard, key_id, minute)
  GROUP BY s.shard, s.key_id
  ON CONFLICT (shard, key_id) DO UPDATE SET last_used_at = excluded.last_used_at
  -- Most cuts fall into the minute of the one before: no row version for those.
  WHERE k.last_used_at < excluded.last_used_at
), changes AS MATERIALIZED (
  SELECT u.shard, u.account_id, u.position, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, t.terms
  FROM units AS u
  CROSS JOIN LATERAL (SELECT log.quota_terms(u.stream, u.data)) AS t (terms)
  WHERE t.terms IS NOT NULL
), quotas_moved AS (
  INSERT INTO quotas (shard, account_id, position, month, terms)
  SELECT c.shard, c.account_id, c.position, c.month, c.terms FROM changes AS c
), used AS (
  SELECT c.shard, c.account_id, c.month, c.mode, sum(c.accepted - c.given_back) AS used, sum(c.voided) AS voided,
    sum(c.given_back) AS given_back, sum(c.refused) AS refused, min(c.position) AS first_position
  FROM counted AS c
  GROUP BY c.shard, c.account_id, c.month, c.mode
), crossed AS (
  SELECT u.account_id, u.month,
    min(u.recorded_at) FILTER (WHERE u.type = 'quota_threshold_reached') AS threshold_reached_at,
    min(u.recorded_at) FILTER (WHERE u.type = 'quota_exceeded') AS exceeded_at
  FROM units AS u
  WHERE u.type IN ('quota_threshold_reached', 'quota_exceeded')
  GROUP BY u.account_id, u.month
), touched AS (
  -- The months used here, and all months of an account whose quota changed here. The latter keep their counts.
  SELECT u.shard, u.account_id, u.month, u.mode, u.used, u.voided, u.given_back, u.refused,
    coalesce(m.first_position, u.first_position) AS first_position
  FROM used AS u
  LEFT JOIN months AS m
    ON m.shard = u.shard AND m.account_id = u.account_id AND m.month = u.month AND m.mode = u.mode
  UNION ALL
  SELECT m.shard, m.account_id, m.month, m.mode, 0, 0, 0, 0, m.first_position
  FROM (SELECT DISTINCT c.shard, c.account_id FROM changes AS c) AS a
  JOIN months AS m ON m.shard = a.shard AND m.account_id = a.account_id
  WHERE NOT EXISTS (
    SELECT FROM used AS u WHERE u.account_id = m.account_id AND u.month = m.month AND u.mode = m.mode)
)
INSERT INTO months AS m (
  shard, account_id, month, mode, used, voided, given_back, refused, quota, first_position, threshold_reached_at, exceeded_at)
SELECT t.shard, t.account_id, t.month, t.mode, t.used, t.voided, t.given_back, t.refused,
  log.quota_in_force(t.mode, t.month, t.first_position, ARRAY(
    SELECT (h.position, h.month, h.terms)::log.quota_setting
    FROM quotas AS h
    WHERE h.shard = t.shard AND h.account_id = t.account_id
    UNION ALL
    SELECT (h.position, h.month, h.terms)::log.quota_setting
    FROM changes AS h
    WHERE h.account_id = t.account_id)),
  t.first_position, c.threshold_reached_at, c.exceeded_at
FROM touched AS t
LEFT JOIN crossed AS c ON c.account_id = t.account_id AND c.month = t.month AND t.mode = 'live'
ON CONFLICT (shard, account_id, month, mode) DO UPDATE
SET used = m.used + excluded.used,
  voided = m.voided + excluded.voided,
  given_back = m.given_back + excluded.given_back,
  refused = m.refused + excluded.refused,
  quota = excluded.quota,
  -- A crossing stands in the same batch as the event that crossed, so its month is always among those touched.
  threshold_reached_at = coalesce(m.threshold_reached_at, excluded.threshold_reached_at),
  exceeded_at = coalesce(m.exceeded_at, excluded.exceeded_at);
