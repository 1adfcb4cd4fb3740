-- One pass for five tables. The type is looked at before anything is unfolded, so that telemetry, nearly all of the log,
-- costs a look per unit. Where a cut holds several events of one thing, the last one counts.
WITH facts AS MATERIALIZED (
  SELECT u.shard, u.position, u.recorded_at, u.type, u.account_id, u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN (
    'account_opened', 'member_added', 'user_registered', 'project_created', 'key_issued', 'key_revoked')
), tiers AS (
  SELECT DISTINCT ON (f.account_id) f.shard, f.account_id, f.data ->> 'tier' AS tier,
    (f.data ->> 'monthly_quota')::bigint AS monthly_quota,
    min(f.recorded_at) OVER (PARTITION BY f.account_id) AS opened_at
  FROM facts AS f
  WHERE f.type = 'account_opened'
  ORDER BY f.account_id, f.position DESC
), accounts_moved AS (
  INSERT INTO accounts (shard, account_id, tier, monthly_quota, opened_at)
  SELECT t.shard, t.account_id, t.tier, t.monthly_quota, t.opened_at FROM tiers AS t
  ON CONFLICT (shard, account_id) DO UPDATE SET tier = excluded.tier, monthly_quota = excluded.monthly_quota
), members_moved AS (
  INSERT INTO members (shard, account_id, user_id, role, added_at)
  SELECT DISTINCT ON (f.data ->> 'account_id', f.data ->> 'user_id')
    f.shard, (f.data ->> 'account_id')::uuid, (f.data ->> 'user_id')::uuid, f.data ->> 'role',
    min(f.recorded_at) OVER (PARTITION BY f.data ->> 'account_id', f.data ->> 'user_id')
  FROM facts AS f
  WHERE f.type = 'member_added'
  ORDER BY f.data ->> 'account_id', f.data ->> 'user_id', f.position DESC
  ON CONFLICT (shard, account_id, user_id) DO UPDATE SET role = excluded.role
), users_moved AS (
  INSERT INTO users (shard, user_id, email_digest, email_sealed, registered_at)
  SELECT f.shard, (f.data ->> 'user_id')::uuid, f.data ->> 'email_digest', f.data ->> 'email_sealed', f.recorded_at
  FROM facts AS f
  WHERE f.type = 'user_registered'
), projects_moved AS (
  INSERT INTO projects (shard, project_id, account_id, name, created_at)
  SELECT f.shard, (f.data ->> 'project_id')::uuid, (f.data ->> 'account_id')::uuid, f.data ->> 'name', f.recorded_at
  FROM facts AS f
  WHERE f.type = 'project_created'
), revocations AS (
  SELECT f.shard, (f.data ->> 'key_id')::uuid AS key_id, min(f.recorded_at) AS revoked_at
  FROM facts AS f
  WHERE f.type = 'key_revoked'
  GROUP BY f.shard, f.data ->> 'key_id'
), keys_issued AS (
  -- A key may be issued and revoked within one cut.
  INSERT INTO keys (shard, key_id, project_id, account_id, name, mode, scopes, hint, hash, issued_at, revoked_at)
  SELECT f.shard, k.key_id, k.project_id, k.account_id, k.name, k.mode, k.scopes, k.hint, k.hash, f.recorded_at,
    r.revoked_at
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS k (
    key_id uuid, project_id uuid, account_id uuid, name text, mode text, scopes text[], hint text, hash text)
  LEFT JOIN revocations AS r ON r.key_id = k.key_id
  WHERE f.type = 'key_issued'
)
UPDATE keys AS k
SET revoked_at = r.revoked_at
FROM revocations AS r
WHERE k.shard = r.shard AND k.key_id = r.key_id AND k.revoked_at IS NULL;
