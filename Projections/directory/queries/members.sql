-- A page of an account's members, the longest there first.
--   $1 integer      shard
--   $2 uuid         account
--   $3 timestamptz  added_at of the last member of the page before, or NULL
--   $4 uuid         that member
--   $5 integer      rows
SELECT m.user_id, m.role, m.added_at, u.email_sealed, u.name_sealed
FROM directory.members AS m
-- A person lives on a shard of their own, in another read model: what that has not come to yet is missing here for a moment.
LEFT JOIN people.users AS u ON u.shard = log.shard_of(m.user_id) AND u.user_id = m.user_id
WHERE m.shard = $1::integer AND m.account_id = $2::uuid
  AND ($3::timestamptz IS NULL OR (m.added_at, m.user_id) > ($3::timestamptz, $4::uuid))
ORDER BY m.added_at, m.user_id
LIMIT $5::integer
