-- What happened to an account in a span, the latest first.
--   $1 integer      shard
--   $2 uuid         account
--   $3 timestamptz  from, inclusive
--   $4 timestamptz  to, exclusive
--   $5 integer      rows
SELECT m.at, m.kind, m.tier, m.quota
FROM notes.account_marks AS m
WHERE m.shard = $1::integer AND m.account_id = $2::uuid AND m.at >= $3::timestamptz AND m.at < $4::timestamptz
ORDER BY m.position DESC
LIMIT $5::integer
