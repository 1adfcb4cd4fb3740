-- The projects of an account, the oldest first.
--   $1 integer  shard
--   $2 uuid     account
SELECT p.shard, p.project_id, p.account_id, p.name, p.created_at
FROM directory.projects AS p
WHERE p.shard = $1::integer AND p.account_id = $2::uuid
ORDER BY p.created_at, p.project_id
