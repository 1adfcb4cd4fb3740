-- A project and its account; no row if there is none. On every shard, since a project's id does not tell its account.
--   $1 uuid  project
SELECT p.shard, p.project_id, p.account_id, p.name, p.created_at, p.archived_at, a.tier, a.monthly_quota,
  -- By name: a read model of the release before has no such column, and goes on answering until it has been rebuilt.
  coalesce((to_jsonb(a) ->> 'is_demo')::boolean, false) AS is_demo
FROM directory.projects AS p
JOIN directory.accounts AS a ON a.shard = p.shard AND a.account_id = p.account_id
WHERE p.project_id = $1::uuid
