-- Moves the quotas that domain events say something of, and the meters that these hold for; returns, as units without a position, the
-- crossings that follow: what a month has used may be 80 or 100 % of a quota that was lowered. Part of log.append().
CREATE OR REPLACE FUNCTION log.move_quotas(
  shard integer, appended_at timestamptz, controls jsonb, units text[], decided log.decision[]
) RETURNS SETOF jsonb
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  accounts uuid[];
BEGIN
  WITH moved AS (
    INSERT INTO log.quotas AS q (shard, account_id, terms)
    SELECT move_quotas.shard, s.account_id, s.terms
    FROM log.terms_said(move_quotas.controls, move_quotas.units, move_quotas.decided) AS s
    ORDER BY s.account_id
    ON CONFLICT (shard, account_id) DO UPDATE SET terms = q.terms || excluded.terms
    RETURNING q.account_id
  )
  SELECT array_agg(m.account_id) INTO accounts FROM moved AS m;
  IF accounts IS NULL THEN
    RETURN;
  END IF;

  RETURN QUERY
  WITH changed AS (
    SELECT m.account_id, m.month, m.mode, m.used, log.quota_of(m.mode, m.month, q.terms) AS quota, m.threshold_quotas,
      m.exceeded_quotas
    FROM log.quotas AS q
    JOIN log.meters AS m ON m.shard = q.shard AND m.account_id = q.account_id
    WHERE q.shard = move_quotas.shard AND q.account_id = ANY (accounts)
      -- Those that are there have been used: the month alone decides.
      AND log.holds_for(NULL, to_char(move_quotas.appended_at AT TIME ZONE 'UTC', 'YYYY-MM'), m.month, NULL)
      AND m.quota <> log.quota_of(m.mode, m.month, q.terms)
  ), crossings AS (
    SELECT c.account_id, c.month, x.unit
    FROM changed AS c
    CROSS JOIN LATERAL log.crossings_of(c.account_id, c.month, c.used, c.quota, c.threshold_quotas, c.exceeded_quotas) AS x (unit)
    WHERE c.mode = 'live' AND c.used > 0
  ), meters_moved AS (
    UPDATE log.meters AS m
    SET quota = c.quota,
      threshold_quotas = log.either(m.threshold_quotas, ARRAY(
        SELECT c.quota FROM crossings AS x
        WHERE x.account_id = c.account_id AND x.month = c.month AND c.mode = 'live'
          AND x.unit ->> 'type' = 'quota_threshold_reached')),
      exceeded_quotas = log.either(m.exceeded_quotas, ARRAY(
        SELECT c.quota FROM crossings AS x
        WHERE x.account_id = c.account_id AND x.month = c.month AND c.mode = 'live' AND x.unit ->> 'type' = 'quota_exceeded'))
    FROM changed AS c
    WHERE m.shard = move_quotas.shard AND m.account_id = c.account_id AND m.month = c.month AND m.mode = c.mode
  )
  SELECT x.unit FROM crossings AS x ORDER BY x.account_id, x.month, x.unit -> 'data' -> 0 -> 'percent';
END
$$;
