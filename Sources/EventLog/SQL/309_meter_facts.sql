-- What a stretch of a shard's log says about meters, reduced to what log.fold_meters() needs of it. Facts of stretches that follow
-- one another are added up, so that meters can be recounted however the log is cut, archived months included.
DO $$
BEGIN
  -- An older release's knew of live events alone. Nothing but functions, and what a replay left behind, is made of it.
  IF to_regtype('log.meter_fact') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute AS a JOIN pg_type AS t ON t.typrelid = a.attrelid
    WHERE t.oid = to_regtype('log.meter_fact') AND a.attname = 'mode')
  THEN
    DROP TYPE log.meter_fact CASCADE;
    DROP FUNCTION IF EXISTS log.recount_meters(integer, bigint);
  END IF;
  CREATE TYPE log.meter_fact AS (
    account_id uuid, month text,
    mode text, -- live or test; 'both' of a quota that was set
    quota_position bigint, -- where the account's quotas were set; 0: a sum of usage; -1: a sum of what was given back, negative
    monthly_quota bigint, test_quota bigint, -- of quotas that were set, in the month they were recorded in
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
      u.data -> 0 ->> 'tier' AS tier,
      CASE WHEN u.type = 'telemetry_voided' THEN u.data -> 0 END AS void
    FROM log.read_units(meter_facts.shard, meter_facts.after, meter_facts.upto) AS u
  ), usage AS (
    -- Crossings are of live meters, and bear no mode.
    SELECT u.position, u.event_count, u.type, u.account_id, u.month, u.refused, coalesce(u.mode, 'live') AS mode,
      u.type = 'request_tracked' OR u.type = 'intake_tallied' AND u.refused > 0 AS is_use
    FROM units AS u
    WHERE u.type IN ('request_tracked', 'intake_tallied', 'quota_threshold_reached', 'quota_exceeded')
  )
  SELECT u.account_id, u.month, u.mode, 0::bigint, NULL::bigint, NULL::bigint, min(u.position) FILTER (WHERE u.is_use),
    coalesce(sum(u.event_count) FILTER (WHERE u.type = 'request_tracked'), 0)::bigint,
    coalesce(sum(u.refused) FILTER (WHERE u.type = 'intake_tallied'), 0)::bigint,
    bool_or(u.type = 'quota_threshold_reached'), bool_or(u.type = 'quota_exceeded')
  FROM usage AS u
  GROUP BY u.account_id, u.month, u.mode
  UNION ALL
  SELECT u.account_id, c.month, u.void ->> 'mode', -1, NULL, NULL, NULL, -sum(c.events)::bigint, 0, false, false
  FROM units AS u
  CROSS JOIN LATERAL jsonb_to_recordset(u.void -> 'counts') AS c (month text, events bigint)
  WHERE (u.void ->> 'gives_back_quota')::boolean
  GROUP BY u.account_id, c.month, u.void ->> 'mode'
  UNION ALL
  SELECT u.account_id, to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM'), 'both', u.position, u.monthly_quota,
    log.test_quota(u.tier), NULL, 0, 0, false, false
  FROM units AS u
  WHERE u.monthly_quota IS NOT NULL AND u.type NOT IN ('request_tracked', 'intake_tallied')
$$;
