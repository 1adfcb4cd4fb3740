-- The projects of an account that are in use, with how many keys each was ever issued and when one of them was last used.
--   $1 integer  shard
--   $2 uuid     account
SELECT p.project_id, p.name, p.created_at, count(k.key_id) AS keys, max(u.last_used_at) AS last_used_at
FROM directory.projects AS p
LEFT JOIN directory.keys AS k ON k.shard = p.shard AND k.project_id = p.project_id
-- Another read model, which may be a moment ahead or behind: by a minute's precision that hardly shows.
LEFT JOIN usage.key_uses AS u ON u.shard = k.shard AND u.key_id = k.key_id
WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.archived_at IS NULL
GROUP BY p.project_id, p.name, p.created_at
ORDER BY p.created_at, p.project_id
