-- Keys of an account's projects in use that end by themselves within a span, the first to end first: they expire, or another took their place.
--   $1 integer      shard
--   $2 uuid         account
--   $3 timestamptz  from, exclusive
--   $4 timestamptz  to, inclusive
--   $5 integer      rows
SELECT k.project_id, p.name AS project_name, k.key_id, k.name, k.hint,
  least(k.expires_at, k.retires_at) AS ends_at, k.successor_id IS NOT NULL AS has_successor
FROM directory.projects AS p
JOIN directory.keys AS k ON k.shard = p.shard AND k.project_id = p.project_id
WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.archived_at IS NULL AND k.revoked_at IS NULL
  AND least(k.expires_at, k.retires_at) > $3::timestamptz AND least(k.expires_at, k.retires_at) <= $4::timestamptz
ORDER BY ends_at, k.key_id
LIMIT $5::integer
