-- What a stretch of a shard's log says about meters, reduced to what log.fold_meters() needs of it. Facts of stretches that follow
-- one another are added up, so that meters can be recounted however the log is cut, archived months included.
DO $$
BEGIN
  CREATE TYPE log.meter_fact AS (
    account_id uuid, month text,
    quota_position bigint, -- where the account's quota was set; 0: a sum of usage; -1: a sum of what was voided, negative
    monthly_quota bigint, -- of a quota that was set, in the month it was recorded in
    first_position bigint, -- where the month was first used; NULL: not in this stretch
    used bigint, refused bigint, threshold_reached boolean, exceeded boolean
  );
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

CREATE OR REPLACE FUNCTION log.meter_facts(shard integer, after bigint, upto bigint)
RETURNS SETOF log.meter_fact
LANGUAGE sql
STABLE
AS $$
  WITH units AS MATERIALIZED (
    SELECT u.position, u.event_count, u.recorded_at, u.type, u.account_id, u.mode, u.month,
      (u.data -> 0 ->> 'refused')::bigint AS refused,
      (u.data -> 0 ->> 'monthly_quota')::bigint AS monthly_quota,
      CASE WHEN u.type = 'telemetry_voided' THEN u.data -> 0 END AS void
    FROM log.read_units(meter_facts.shard, meter_facts.after, meter_facts.upto) AS u
  ), usage AS (
    SELECT u.*,
      u.mode = 'live' AND (u.type = 'request_tracked' OR u.type = 'intake_tallied' AND u.refused > 0) AS is_use
    FROM units AS u
    WHERE u.type IN ('request_tracked', 'intake_tallied', 'quota_threshold_reached', 'quota_exceeded')
  )
  SELECT u.account_id, u.month, 0::bigint, NULL::bigint, min(u.position) FILTER (WHERE u.is_use),
    coalesce(sum(u.event_count) FILTER (WHERE u.is_use AND u.type = 'request_tracked'), 0)::bigint,
    coalesce(sum(u.refused) FILTER (WHERE u.is_use AND u.type = 'intake_tallied'), 0)::bigint,
    bool_or(u.type = 'quota_threshold_reached'), bool_or(u.type = 'quota_exceeded')
  FROM usage AS u
  GROUP BY u.account_id, u.month
  UNION ALL
  SELECT u.account_id, c.month, -1, NULL, NULL, -sum(c.events)::bigint, 0, false, false
  FROM units AS u
  CROSS JOIN LATERAL jsonb_to_recordset(u.void -> 'counts') AS c (month text, events bigint)
  WHERE u.void ->> 'mode' = 'live'
  GROUP BY u.account_id, c.month
  UNION ALL
  SELECT u.account_id, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM'), u.position, u.monthly_quota,
    NULL, 0, 0, false, false
  FROM units AS u
  WHERE u.monthly_quota IS NOT NULL AND u.type NOT IN ('request_tracked', 'intake_tallied')
$$;
