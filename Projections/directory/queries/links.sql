-- A page of a project's shared links, the newest first, those that work no more included.
--   $1 integer      shard
--   $2 uuid         project
--   $3 timestamptz  shared_at of the last link of the page before, or NULL
--   $4 uuid         that link
--   $5 integer      rows
SELECT l.link_id, l.project_id, l.name, l.mode, jsonb_build_array(l.filters) AS filters, l.hint, l.shared_by, l.shared_at,
  l.expires_at, l.revoked_at
FROM directory.links AS l
WHERE l.shard = $1::integer AND l.project_id = $2::uuid
  AND ($3::timestamptz IS NULL OR (l.shared_at, l.link_id) < ($3::timestamptz, $4::uuid))
ORDER BY l.shared_at DESC, l.link_id DESC
LIMIT $5::integer
