-- What was taken out of a span of a project's numbers, the latest first.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive
--   $5 timestamptz  to, exclusive
--   $6 integer      rows
SELECT v.void_id, v."from", v."to", v.reason, v.events
FROM usage.voids AS v
WHERE v.shard = $1::integer AND v.project_id = $2::uuid AND v.mode = $3::text
  AND v."from" < $5::timestamptz AND v."to" > $4::timestamptz
ORDER BY v."from" DESC, v.position DESC
LIMIT $6::integer
