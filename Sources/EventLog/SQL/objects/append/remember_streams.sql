-- Moves what later appends decide by when domain events come in: streams' versions, and the requests that they void. (Quotas:
-- log.move_quotas.) Part of log.append().
CREATE OR REPLACE FUNCTION log.remember_streams(
  shard integer, appended_at timestamptz, controls jsonb, units text[], decided log.decision[]
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  -- An append of the last release's program that waited at the head while the log was migrated goes on in the body that it began in,
  -- which knows nothing of log.move_quotas: it is to be decided anew, or an account would be without its quota for good.
  IF EXISTS (
    SELECT
    FROM log.terms_said(remember_streams.controls, remember_streams.units, remember_streams.decided) AS s
    LEFT JOIN log.quotas AS q ON q.shard = remember_streams.shard AND q.account_id = s.account_id
    WHERE NOT coalesce(q.terms @> s.terms, false)
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'RC409', MESSAGE = 'the log was migrated meanwhile: decide anew';
  END IF;

  INSERT INTO log.stream_versions (shard, stream, version, position)
  SELECT remember_streams.shard, u.control ->> 'stream', (u.control ->> 'stream_version')::integer, d.position
  FROM jsonb_array_elements(remember_streams.controls) WITH ORDINALITY AS u (control, k)
  JOIN unnest(remember_streams.decided) AS d ON d.unit = u.k
  WHERE u.control ? 'stream' AND d.accepted > 0;

  -- What is voided leaves the numbers, and frees its place under the quota of the month it was charged to where it is given back. A
  -- crossing of the quota stays recorded: it is announced once a month and quota, whatever is
  -- voided.
  INSERT INTO log.voids (shard, position, void_id, project_id, mode, "from", "to", upto_position)
  SELECT remember_streams.shard, d.position, v.void_id, v.project_id, v.mode, v."from", v."to", v.upto_position
  FROM unnest(remember_streams.decided) AS d
  CROSS JOIN LATERAL jsonb_to_record(remember_streams.units[d.unit]::jsonb -> 'data' -> 0) AS v (
    void_id uuid, project_id uuid, mode text, "from" bigint, "to" bigint, upto_position bigint)
  WHERE d.accepted > 0 AND remember_streams.units[d.unit]::jsonb ->> 'type' = 'telemetry_voided';

  UPDATE log.meters AS m
  SET used = m.used - v.events
  FROM (
    SELECT d.account_id, c.month, c.mode, sum(c.given_back) AS events
    FROM unnest(remember_streams.decided) AS d
    CROSS JOIN LATERAL (SELECT remember_streams.units[d.unit]::jsonb AS unit) AS u
    CROSS JOIN LATERAL log.counts_of_void(u.unit ->> 'type', log.upcast(
      u.unit ->> 'type', (u.unit ->> 'version')::integer, u.unit -> 'data')) AS c
    WHERE d.accepted > 0 AND c.given_back > 0
    GROUP BY d.account_id, c.month, c.mode
  ) AS v
  WHERE m.shard = remember_streams.shard AND m.account_id = v.account_id AND m.month = v.month AND m.mode = v.mode;
END
$$;
