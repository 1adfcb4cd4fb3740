-- An account, with how many members it has and how many of its projects count against the tier's limit.
--   $1 integer  shard
--   $2 uuid     account
SELECT a.account_id, a.tier, a.monthly_quota, a.opened_at, a.closed_at,
  -- By name: a read model of the release before has no such columns, and goes on answering until it has been rebuilt.
  to_jsonb(a) ->> 'name' AS name, to_jsonb(a) ->> 'granted_tier' AS granted_tier, (to_jsonb(a) ->> 'granted_quota')::bigint AS granted_quota,
  (to_jsonb(a) ->> 'granted_until')::timestamptz AS granted_until, coalesce((to_jsonb(a) ->> 'is_demo')::boolean, false) AS is_demo,
  (SELECT count(*) FROM directory.members AS m WHERE m.shard = a.shard AND m.account_id = a.account_id) AS members,
  (SELECT count(*) FROM directory.projects AS p
    WHERE p.shard = a.shard AND p.account_id = a.account_id AND p.archived_at IS NULL) AS projects
FROM directory.accounts AS a
WHERE a.shard = $1::integer AND a.account_id = $2::uuid
