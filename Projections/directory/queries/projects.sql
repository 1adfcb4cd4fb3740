-- A page of an account's projects, the newest first; archived ones only when asked for.
--   $1 integer      shard
--   $2 uuid         account
--   $3 boolean      archived ones, instead of those in use
--   $4 timestamptz  created_at of the last project of the page before, or NULL
--   $5 uuid         that project
--   $6 integer      rows
SELECT p.project_id, p.account_id, p.name, p.created_at, p.archived_at,
  -- By name: a read model of the release before has no such column, and goes on answering until it has been rebuilt.
  coalesce((to_jsonb(a) ->> 'is_demo')::boolean, false) AS is_demo
FROM directory.projects AS p
JOIN directory.accounts AS a ON a.shard = p.shard AND a.account_id = p.account_id
WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND (p.archived_at IS NOT NULL) = $3::boolean
  AND ($4::timestamptz IS NULL OR (p.created_at, p.project_id) < ($4::timestamptz, $5::uuid))
ORDER BY p.created_at DESC, p.project_id DESC
LIMIT $6::integer
