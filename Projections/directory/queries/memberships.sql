-- The accounts that a person may act for, on every shard.
--   $1 uuid  user
SELECT m.account_id
FROM directory.members AS m
WHERE m.user_id = $1::uuid
