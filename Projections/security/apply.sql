-- The type is looked at before anything is unfolded, so that telemetry, nearly all of the log, costs a look per unit.
WITH facts AS MATERIALIZED (
  SELECT u.shard, u.position, u.recorded_at, u.type, u.version, u.account_id, (u.unit ->> 'actor_id')::uuid AS actor_id,
    u.unit ->> 'client_sealed' AS client_sealed, u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN (
    -- Of a person:
    'user_registered', 'session_started', 'session_ended', 'sessions_ended', 'sign_in_failed', 'password_set', 'token_issued',
    'email_verified', 'email_changed', 'deletion_requested', 'deletion_cancelled', 'user_erased',
    -- Of an account:
    'billing_customer_linked',
    'account_opened', 'account_named', 'account_closed', 'member_added', 'member_role_changed', 'member_removed',
    'member_invited', 'invitation_accepted', 'invitation_revoked', 'project_created', 'project_renamed', 'project_archived',
    'project_unarchived', 'key_issued', 'key_rotated', 'key_revoked', 'link_shared', 'link_revoked', 'data_exported',
    'telemetry_voided', 'tier_changed', 'account_granted', 'slack_channel_set', 'slack_channel_removed',
    'checkout_requested', 'tier_change_requested', 'cancellation_requested', 'subscription_change_undone')
), memberships_moved AS (
  INSERT INTO memberships (shard, account_id, user_id, position, at, is_member)
  SELECT f.shard, f.account_id, (f.data ->> 'user_id')::uuid, f.position, f.recorded_at, f.type = 'member_added'
  FROM facts AS f
  WHERE f.type IN ('member_added', 'member_removed')
)
INSERT INTO entries (shard, position, account_id, user_id, at, kind, actor_id, client_sealed, details)
SELECT f.shard, f.position, f.account_id, CASE WHEN f.account_id IS NULL THEN (f.data ->> 'user_id')::uuid END, f.recorded_at,
  f.type, f.actor_id, f.client_sealed, d.details
FROM facts AS f
CROSS JOIN LATERAL (
  -- Named one by one: whatever else an event holds, hashes and sealed texts among it, is nobody's business here. Times are
  -- written as the API shows them.
  SELECT coalesce(jsonb_object_agg(m.key, CASE
      WHEN m.key IN ('due_at', 'expires_at', 'retires_at', 'from', 'to', 'until') AND jsonb_typeof(m.value) = 'number' THEN to_jsonb(
        to_char(to_timestamp(m.value::bigint / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      ELSE m.value
    END), '{}') AS details
  FROM jsonb_each(f.data) AS m
  -- Versions before knew none of these: they are what reading those as the current version adds.
  WHERE NOT (f.type = 'tier_changed' AND f.version = 1 AND m.key = 'cause')
    AND NOT (f.type = 'account_granted' AND f.version = 1 AND m.key = 'granted_quota')
    AND (m.key IN (
      'session_id', 'except_session_id', 'cause', 'reason', 'purpose', 'due_at', 'role', 'invitation_id', 'project_id', 'name',
      'key_id', 'link_id', 'mode', 'scopes', 'hint', 'expires_at', 'successor_id', 'retires_at', 'tier', 'monthly_quota', 'format',
      'from', 'to', 'until', 'requests_per_second', 'bytes_per_second', 'granted_quota')
    OR m.key = 'user_id' AND f.account_id IS NOT NULL
    OR m.key = 'month_quota' AND jsonb_typeof(m.value) = 'number')
) AS d
WHERE (f.account_id IS NOT NULL OR f.data ? 'user_id')
  -- A hash renewed at log-in, because its parameters are old, changes no password; the token that verifies a new person's
  -- address opens nothing.
  AND NOT (f.type = 'password_set' AND f.data ->> 'cause' = 'rehash')
  AND NOT (f.type = 'token_issued' AND f.data ->> 'purpose' = 'verify_email');

-- Of an erased person only the erasure stays.
DELETE FROM entries AS e
USING entries AS x
WHERE x.shard = $1 AND x.position > $2 AND x.position <= $3 AND x.kind = 'user_erased'
  AND e.shard = x.shard AND e.user_id = x.user_id AND e.position < x.position;
