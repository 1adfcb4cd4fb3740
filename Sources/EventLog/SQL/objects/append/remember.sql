-- Moves what later appends of telemetry decide by: ids and meters. Part of log.append().
CREATE OR REPLACE FUNCTION log.remember(
  shard integer, appended_at timestamptz, decided log.decision[],
  tallies_all boolean -- as in log.consequences
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  -- One row per id: a call of many may come as several units (one per month), which share its batch_id.
  INSERT INTO log.event_ids (shard, scope, id, recorded_month, position, digest, accepted)
  SELECT remember.shard, g.scope, g.id, date_trunc('month', remember.appended_at AT TIME ZONE 'UTC')::date,
    g.position, g.digest,
    CASE WHEN g.partly THEN (
      SELECT range_agg(r)
      FROM unnest(remember.decided) AS d, unnest(log.accepted_ordinals(d)) AS r
      WHERE d.scope = g.scope AND d.id = g.id)
    END
  FROM (
    SELECT d.scope, d.id, min(d.digest) AS digest, min(d.position) FILTER (WHERE d.accepted > 0) AS position,
      bool_or(d.accepted < d.given OR d.outside IS NOT NULL) AS partly
    FROM unnest(remember.decided) AS d
    WHERE d.id IS NOT NULL AND NOT d.seen AND NOT d.conflict
    GROUP BY d.scope, d.id
    HAVING sum(d.accepted) > 0
  ) AS g
  ORDER BY g.scope, g.id;

  -- A retry of a partly refused request got some more of its events in.
  IF EXISTS (SELECT FROM unnest(remember.decided) AS d WHERE d.seen AND d.accepted > 0) THEN
    UPDATE log.event_ids AS i
    -- Into this month's partition: what was too far ahead at first outlives the month that the id was first recorded in.
    SET accepted = i.accepted + g.accepted,
      recorded_month = date_trunc('month', remember.appended_at AT TIME ZONE 'UTC')::date
    FROM (
      SELECT d.scope, d.id, range_agg(r) AS accepted
      FROM unnest(remember.decided) AS d, unnest(log.accepted_ordinals(d)) AS r
      WHERE d.seen AND d.accepted > 0
      GROUP BY d.scope, d.id
    ) AS g
    WHERE i.shard = remember.shard AND i.scope = g.scope AND i.id = g.id;
  END IF;

  INSERT INTO log.meters AS m (shard, account_id, month, used, quota, refused, mode, threshold_quotas, exceeded_quotas)
  SELECT remember.shard, k.account_id, k.month, sum(k.accepted),
    -- An append that waited while a migration gave test events their meters has been decided by the rules of before, which let them
    -- by: NULL makes it fail, to be sent again, where counting on would lose them.
    CASE WHEN bool_and(k.is_metered) THEN coalesce(max(k.quota), 0) END,
    sum(k.refused), k.mode,
    -- Just those that log.consequences() has written.
    CASE WHEN sum(k.accepted) > 0 AND log.is_crossed('quota_threshold_reached', k.mode, max(k.used), max(k.quota))
      THEN ARRAY[max(k.quota)] ELSE '{}' END,
    CASE WHEN sum(k.accepted) > 0 AND log.is_crossed('quota_exceeded', k.mode, max(k.used), max(k.quota))
      THEN ARRAY[max(k.quota)] ELSE '{}' END
  FROM (
    SELECT d.account_id, d.month, d.mode, sum(d.accepted) AS accepted, sum(d.candidates - d.accepted) AS refused,
      max(d.quota) AS quota, max(d.used) AS used, bool_and(d.metered) AS is_metered
    FROM unnest(remember.decided) AS d
    WHERE d.mode IS NOT NULL
    GROUP BY d.account_id, d.project_id, d.key_id, d.mode, d.month
    -- What was refused counts with the tally that says so, which is written here for just these (log.consequences), or comes
    -- later (log.remember_tallies).
    HAVING sum(d.accepted) > 0 OR remember.tallies_all AND sum(d.candidates) > 0
  ) AS k
  GROUP BY k.account_id, k.month, k.mode
  ORDER BY k.account_id, k.month, k.mode
  ON CONFLICT (shard, account_id, month, mode) DO UPDATE
  SET used = m.used + excluded.used,
    refused = m.refused + excluded.refused,
    threshold_quotas = CASE WHEN excluded.threshold_quotas <@ m.threshold_quotas THEN m.threshold_quotas
      ELSE log.either(m.threshold_quotas, excluded.threshold_quotas) END,
    exceeded_quotas = CASE WHEN excluded.exceeded_quotas <@ m.exceeded_quotas THEN m.exceeded_quotas
      ELSE log.either(m.exceeded_quotas, excluded.exceeded_quotas) END;
END
$$;
