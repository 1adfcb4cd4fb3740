-- The events that follow from an append's decisions, `controls` having led to them, and belong in the same transaction, as units without a position:
-- crossings of a live meter's quota, once a month and quota each, and the tally of what was not accepted beside what was, so that
-- received = accepted + duplicate + refused + invalid can be recounted from the log.
--
-- Of a key and month that nothing was accepted of, nothing is written here: a client that is wrong a thousand times would fill the
-- log. The caller sees it from the outcomes, tallies it in memory and appends the tally once a minute (IntakeTallies.swift). One of the
-- last release keeps no tally: for it all is written here (`tallies_all`), while a rolling upgrade lasts.
CREATE OR REPLACE FUNCTION log.consequences(
  shard integer, controls jsonb, decided log.decision[], tallies_all boolean)
RETURNS SETOF jsonb
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
  RETURN QUERY
  WITH metered AS (
    SELECT d.account_id, d.month, sum(d.accepted) AS accepted, max(d.quota) AS quota
    FROM unnest(consequences.decided) AS d
    WHERE d.mode = 'live'
    GROUP BY d.account_id, d.month
    HAVING sum(d.accepted) > 0
  ), meters AS (
    SELECT t.account_id, t.month, t.quota, coalesce(m.used, 0) + t.accepted AS used,
      m.threshold_quotas, m.exceeded_quotas
    FROM metered AS t
    LEFT JOIN log.meters AS m
      ON m.shard = consequences.shard AND m.account_id = t.account_id AND m.month = t.month AND m.mode = 'live'
  ), rests AS (
    SELECT d.account_id, d.project_id, d.key_id, d.mode, d.month, d.accepted, d.invalid, coalesce(c.malformed, 0) AS malformed,
      coalesce(c.strayed, 0) AS strayed, coalesce(c.conflicting, 0) AS conflicting,
      d.repeated + CASE WHEN d.seen THEN log.duplicates(d) ELSE 0 END AS duplicates,
      CASE WHEN d.conflict THEN 0 ELSE d.candidates - d.accepted END AS refused,
      CASE WHEN d.conflict THEN d.given ELSE 0 END AS in_conflict,
      -- Outside the window: invalid, unless they were accepted while they were in time.
      coalesce(cardinality(d.outside), 0)
        - CASE WHEN d.seen AND d.outside IS NOT NULL THEN log.duplicates(d) - (d.given - d.candidates) ELSE 0 END AS late
    FROM unnest(consequences.decided) AS d
    -- Why what was invalid was so, as far as whoever turned it away says.
    LEFT JOIN LATERAL jsonb_to_record(consequences.controls -> (d.unit - 1)) AS c (
      malformed integer, strayed integer, conflicting integer) ON true
    WHERE d.project_id IS NOT NULL
  ), tallies AS (
    SELECT r.account_id, r.project_id, r.key_id, r.mode, r.month, sum(r.duplicates) AS duplicates, sum(r.refused) AS refused,
      sum(r.invalid + r.in_conflict + r.late) AS invalid, sum(r.malformed) AS malformed,
      sum(r.strayed + r.late) AS outside_window, sum(r.conflicting + r.in_conflict) AS id_conflicts
    FROM rests AS r
    GROUP BY r.account_id, r.project_id, r.key_id, r.mode, r.month
    HAVING sum(r.accepted) > 0 OR consequences.tallies_all
  )
  SELECT jsonb_build_object(
    'type', 'intake_tallied', 'version', 3, 'account_id', t.account_id, 'project_id', t.project_id,
    'key_id', t.key_id, 'mode', t.mode, 'month', t.month,
    'data', jsonb_build_array(jsonb_build_object(
      'duplicates', t.duplicates, 'refused', t.refused, 'invalid', t.invalid, 'malformed', t.malformed,
      'outside_window', t.outside_window, 'id_conflicts', t.id_conflicts, 'throttled', 0)))
  FROM tallies AS t
  WHERE t.duplicates + t.refused + t.invalid > 0
  UNION ALL
  SELECT c.unit
  FROM meters AS m
  CROSS JOIN LATERAL log.crossings_of(m.account_id, m.month, m.used, m.quota, m.threshold_quotas, m.exceeded_quotas) AS c (unit);
END
$$;
