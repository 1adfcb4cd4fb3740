-- The tiers that an account itself has had, the last first.
--   $1 integer  shard
--   $2 uuid     account
--   $3 integer  rows
SELECT t.position, t.at, t.tier, t.cause
FROM billing.tiers AS t
WHERE t.shard = $1::integer AND t.account_id = $2::uuid
ORDER BY t.position DESC
LIMIT $3::integer
