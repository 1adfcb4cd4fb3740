-- The keys of a project, the newest first, those that work no more included.
--   $1 integer  shard
--   $2 uuid     project
SELECT k.shard, k.key_id, k.project_id, k.account_id, k.name, k.mode, k.scopes, k.hint, k.issued_at, k.expires_at,
  k.revoked_at, k.rotated_at, k.retires_at, k.successor_id
FROM directory.keys AS k
WHERE k.shard = $1::integer AND k.project_id = $2::uuid
ORDER BY k.issued_at DESC, k.key_id
