-- What the release's own programs did beside its schemas: its migration made two shards and their months, its server appended. Calls of
-- log.append() as they sent them; what was tracked lies a second apart, in the month that is.
INSERT INTO log.settings (shards) VALUES (2);
INSERT INTO log.heads (shard) SELECT generate_series(0, 1);
SELECT log.ensure_partitions((now() AT TIME ZONE 'UTC')::date);

DO $$
DECLARE
  account text := '00000000-0000-4000-8000-000000000001';
  project text := '00000000-0000-4000-8000-000000000002';
  shard integer := log.shard_of(account::uuid);
  other text := '00000000-0000-4000-8000-000000000007';
  month text := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM');
  month_start bigint := extract(epoch FROM date_trunc('month', now(), 'UTC')) * 1000;
  of_account jsonb := jsonb_build_object('account_id', account);
  of_project jsonb := of_account || jsonb_build_object('project_id', project);
  live jsonb := of_project || jsonb_build_object(
    'key_id', '00000000-0000-4000-8000-000000000003', 'mode', 'live', 'month', month);
  test jsonb := live || '{"key_id": "00000000-0000-4000-8000-000000000004", "mode": "test"}';
  requests jsonb := (
    SELECT jsonb_agg(jsonb_build_object(
      'endpoint', '/v2/' || k || '/servers', 'template', '/v2/{id}/servers', 'method', 'GET', 'status_code', 200,
      'response_time_ms', k, 'timestamp', month_start + k * 1000) ORDER BY k)
    FROM generate_series(0, 899) AS k);
BEGIN
  PERFORM log.append(
    shard, jsonb_build_array(of_account || jsonb_build_object('given', 1, 'stream', 'account-' || account, 'stream_version', 1)),
    ARRAY[(of_account || jsonb_build_object(
      'type', 'account_opened', 'version', 1, 'stream', 'account-' || account, 'stream_version', 1,
      'data', jsonb_build_array(of_account || '{"tier": "free", "monthly_quota": 1000}')))::text]);
  PERFORM log.append(
    shard, jsonb_build_array(of_account || jsonb_build_object('given', 1, 'stream', 'project-' || project, 'stream_version', 1)),
    ARRAY[(of_project || jsonb_build_object(
      'type', 'project_created', 'version', 1, 'stream', 'project-' || project, 'stream_version', 1,
      'data', jsonb_build_array(of_project || '{"name": "before"}')))::text]);
  -- Crosses 80 %.
  PERFORM log.append(
    shard, jsonb_build_array(live || jsonb_build_object(
      'given', 900, 'scope', project, 'id', '00000000-0000-4000-8000-000000000005', 'digest', 5)),
    ARRAY[(live || jsonb_build_object(
      'type', 'request_tracked', 'version', 1, 'batch_id', '00000000-0000-4000-8000-000000000005', 'data', requests))::text]);
  PERFORM log.append(
    shard, jsonb_build_array(test || '{"given": 900}'),
    ARRAY[(test || jsonb_build_object('type', 'request_tracked', 'version', 1, 'data', requests))::text]);
  -- Partly refused: uses the quota up.
  PERFORM log.append(
    shard, jsonb_build_array(live || '{"given": 900, "invalid": 2}'),
    ARRAY[(live || jsonb_build_object('type', 'request_tracked', 'version', 1, 'data', requests))::text]);
  PERFORM log.append(
    shard, jsonb_build_array(of_account || '{"given": 1, "tally": true}'),
    ARRAY[(live || '{"type": "intake_tallied", "version": 2,
      "data": [{"duplicates": 0, "refused": 7, "invalid": 1, "throttled": 3}]}')::text]);
  -- The first minute of all that was tracked, live: twice 60 requests, of the second time all.
  PERFORM log.append(
    shard, jsonb_build_array(of_account || jsonb_build_object('given', 1, 'stream', 'project-' || project, 'stream_version', 2)),
    ARRAY[(of_project || jsonb_build_object(
      'type', 'telemetry_voided', 'version', 2, 'stream', 'project-' || project, 'stream_version', 2,
      'data', jsonb_build_array(of_project || jsonb_build_object(
        'void_id', '00000000-0000-4000-8000-000000000006', 'mode', 'live', 'from', month_start, 'to', month_start + 60000,
        'upto_position', (SELECT h.last_position FROM log.heads AS h WHERE h.shard = log.shard_of(account::uuid)),
        'reason', 'load test', 'gives_back_quota', true,
        'counts', jsonb_build_array(jsonb_build_object('month', month, 'key_id', live -> 'key_id', 'events', 120))))))::text]);
  -- Another account, which an operator moved to the Pro of then and granted rates.
  PERFORM log.append(
    log.shard_of(other::uuid),
    jsonb_build_array(jsonb_build_object(
      'account_id', other, 'given', 1, 'stream', 'account-' || other, 'stream_version', e.k)),
    ARRAY[jsonb_build_object(
      'account_id', other, 'type', e.type, 'version', 1, 'stream', 'account-' || other, 'stream_version', e.k,
      'data', jsonb_build_array(jsonb_build_object('account_id', other) || e.data))::text])
  FROM (VALUES
    (1, 'account_opened', '{"tier": "free", "monthly_quota": 1000}'::jsonb),
    (2, 'tier_changed', '{"tier": "pro", "monthly_quota": 100000}'),
    (3, 'account_granted', '{"requests_per_second": 100, "reason": "a launch"}')) AS e (k, type, data);
END
$$;
