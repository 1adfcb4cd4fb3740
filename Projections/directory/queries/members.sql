-- A page of an account's members, the longest there first.
--   $1 integer      shard
--   $2 uuid         account
--   $3 timestamptz  added_at of the last member of the page before, or NULL
--   $4 uuid         that member
--   $5 integer      rows
SELECT m.user_id, m.role, m.added_at
FROM directory.members AS m
WHERE m.shard = $1::integer AND m.account_id = $2::uuid
  AND ($3::timestamptz IS NULL OR (m.added_at, m.user_id) > ($3::timestamptz, $4::uuid))
ORDER BY m.added_at, m.user_id
LIMIT $5::integer
