-- Hours of a project's traffic by the minute, those without requests left out.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive: an hour's beginning
--   $5 timestamptz  to, exclusive
SELECT m.at, m.cells
FROM traffic.minutes AS m
WHERE m.shard = $1::integer AND m.project_id = $2::uuid AND m.mode = $3::text
  AND m.at >= $4::timestamptz AND m.at < $5::timestamptz AND m.cells IS NOT NULL
ORDER BY m.at
