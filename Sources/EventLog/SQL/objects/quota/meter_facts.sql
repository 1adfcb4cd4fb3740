-- What a stretch of a shard's log says about meters, after < position <= upto. Both must be some batch's last position.
CREATE OR REPLACE FUNCTION log.meter_facts(shard integer, after bigint, upto bigint)
RETURNS SETOF log.meter_fact
LANGUAGE sql
STABLE
AS $$
  WITH units AS MATERIALIZED (
    SELECT u.position, u.event_count, u.recorded_at, u.type, u.stream, u.account_id, u.mode, u.month,
      (u.data -> 0 ->> 'refused')::bigint AS refused, (u.data -> 0 ->> 'limit')::bigint AS quota,
      CASE WHEN u.stream IS NOT NULL THEN u.data END AS data
    FROM log.read_units(meter_facts.shard, meter_facts.after, meter_facts.upto) AS u
  ), usage AS (
    -- Crossings are of live meters, and bear no mode.
    SELECT u.position, u.event_count, u.type, u.account_id, u.month, u.refused, u.quota, coalesce(u.mode, 'live') AS mode,
      u.type = 'request_tracked' OR u.type = 'intake_tallied' AND u.refused > 0 AS is_use
    FROM units AS u
    WHERE u.type IN ('request_tracked', 'intake_tallied', 'quota_threshold_reached', 'quota_exceeded')
  )
  SELECT u.account_id, u.month, u.mode, 0::bigint, NULL::jsonb, min(u.position) FILTER (WHERE u.is_use),
    coalesce(sum(u.event_count) FILTER (WHERE u.type = 'request_tracked'), 0)::bigint,
    coalesce(sum(u.refused) FILTER (WHERE u.type = 'intake_tallied'), 0)::bigint,
    coalesce(array_agg(DISTINCT u.quota ORDER BY u.quota) FILTER (WHERE u.type = 'quota_threshold_reached'), '{}'),
    coalesce(array_agg(DISTINCT u.quota ORDER BY u.quota) FILTER (WHERE u.type = 'quota_exceeded'), '{}')
  FROM usage AS u
  GROUP BY u.account_id, u.month, u.mode
  UNION ALL
  SELECT u.account_id, c.month, c.mode, -1, NULL, NULL, -sum(c.given_back)::bigint, 0, '{}', '{}'
  FROM units AS u
  CROSS JOIN LATERAL log.counts_of_void(u.type, u.data) AS c
  WHERE c.given_back > 0
  GROUP BY u.account_id, c.month, c.mode
  UNION ALL
  SELECT u.account_id, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM'), 'both', u.position, t.terms, NULL,
    0, 0, '{}', '{}'
  FROM units AS u
  CROSS JOIN LATERAL (SELECT log.quota_terms(u.stream, u.data)) AS t (terms)
  WHERE t.terms IS NOT NULL
$$;
