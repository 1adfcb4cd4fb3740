-- Moves what later appends decide by when domain events come in: streams' versions, the quotas that they set, and the requests that
-- they void. Part of log.append().
CREATE OR REPLACE FUNCTION log.remember_streams(
  shard integer, appended_at timestamptz, controls jsonb, units text[], decided log.decision[]
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO log.stream_versions (shard, stream, version, position)
  SELECT remember_streams.shard, u.control ->> 'stream', (u.control ->> 'stream_version')::integer, d.position
  FROM jsonb_array_elements(remember_streams.controls) WITH ORDINALITY AS u (control, k)
  JOIN unnest(remember_streams.decided) AS d ON d.unit = u.k
  WHERE u.control ? 'stream' AND d.accepted > 0;

  -- Any domain event that carries `monthly_quota` sets its account's quotas from its position on: for the month it was
  -- recorded in and those to come. Past months keep the quota they were decided by.
  INSERT INTO log.quotas (shard, account_id, monthly_quota, test_quota)
  SELECT DISTINCT ON (d.account_id)
    remember_streams.shard, d.account_id, (remember_streams.units[d.unit]::jsonb -> 'data' -> 0 ->> 'monthly_quota')::bigint,
    log.test_quota(remember_streams.units[d.unit]::jsonb -> 'data' -> 0 ->> 'tier')
  FROM unnest(remember_streams.decided) AS d
  WHERE d.accepted > 0 AND remember_streams.controls -> (d.unit - 1) ? 'stream'
    AND remember_streams.units[d.unit]::jsonb -> 'data' -> 0 ? 'monthly_quota'
  ORDER BY d.account_id, d.unit DESC
  ON CONFLICT (shard, account_id) DO UPDATE
  SET monthly_quota = excluded.monthly_quota, test_quota = excluded.test_quota;

  UPDATE log.meters AS m
  SET quota = CASE m.mode WHEN 'live' THEN q.monthly_quota ELSE q.test_quota END
  FROM log.quotas AS q
  WHERE q.shard = remember_streams.shard AND m.shard = q.shard AND m.account_id = q.account_id
    AND q.account_id IN (SELECT d.account_id FROM unnest(remember_streams.decided) AS d)
    AND m.month >= to_char(remember_streams.appended_at AT TIME ZONE 'UTC', 'YYYY-MM')
    AND m.quota <> CASE m.mode WHEN 'live' THEN q.monthly_quota ELSE q.test_quota END;

  -- What is voided leaves the numbers. Only where the event says so does it free its place under the quota of the month it was charged
  -- to: else whoever voids could use the quota again. A crossing of the quota stays recorded: it is announced once a month,
  -- whatever is voided.
  INSERT INTO log.voids (shard, position, void_id, project_id, mode, "from", "to", upto_position)
  SELECT remember_streams.shard, d.position, v.void_id, v.project_id, v.mode, v."from", v."to", v.upto_position
  FROM unnest(remember_streams.decided) AS d
  CROSS JOIN LATERAL jsonb_to_record(remember_streams.units[d.unit]::jsonb -> 'data' -> 0) AS v (
    void_id uuid, project_id uuid, mode text, "from" bigint, "to" bigint, upto_position bigint)
  WHERE d.accepted > 0 AND remember_streams.units[d.unit]::jsonb ->> 'type' = 'telemetry_voided';

  UPDATE log.meters AS m
  SET used = m.used - v.events
  FROM (
    SELECT d.account_id, c.month, u.unit -> 'data' -> 0 ->> 'mode' AS mode, sum(c.events) AS events
    FROM unnest(remember_streams.decided) AS d
    CROSS JOIN LATERAL (
      SELECT w.unit || jsonb_build_object(
        'data', log.upcast(w.unit ->> 'type', (w.unit ->> 'version')::integer, w.unit -> 'data')) AS unit
      FROM (SELECT remember_streams.units[d.unit]::jsonb AS unit) AS w
    ) AS u
    CROSS JOIN LATERAL jsonb_to_recordset(u.unit -> 'data' -> 0 -> 'counts') AS c (month text, events bigint)
    WHERE d.accepted > 0 AND u.unit ->> 'type' = 'telemetry_voided'
      AND (u.unit -> 'data' -> 0 ->> 'gives_back_quota')::boolean
    GROUP BY d.account_id, c.month, u.unit -> 'data' -> 0 ->> 'mode'
  ) AS v
  WHERE m.shard = remember_streams.shard AND m.account_id = v.account_id AND m.month = v.month AND m.mode = v.mode;
END
$$;
