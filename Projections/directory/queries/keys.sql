-- A page of a project's keys, the newest first, those that work no more included; or one key.
--   $1 integer      shard
--   $2 uuid         project
--   $3 uuid         key, or NULL for all
--   $4 timestamptz  issued_at of the last key of the page before, or NULL
--   $5 uuid         that key
--   $6 integer      rows
SELECT k.key_id, k.project_id, k.name, k.mode, k.scopes, k.hint, k.issued_at, k.expires_at, k.revoked_at, k.rotated_at,
  k.retires_at, k.successor_id, u.last_used_at
FROM directory.keys AS k
-- Another read model, which may be a moment ahead or behind: by a minute's precision that hardly shows.
LEFT JOIN usage.key_uses AS u ON u.shard = k.shard AND u.key_id = k.key_id
WHERE k.shard = $1::integer AND k.project_id = $2::uuid AND ($3::uuid IS NULL OR k.key_id = $3::uuid)
  AND ($4::timestamptz IS NULL OR (k.issued_at, k.key_id) < ($4::timestamptz, $5::uuid))
ORDER BY k.issued_at DESC, k.key_id DESC
LIMIT $6::integer
