-- How often each label of whole days (UTC) was called: labels known by their hashes alone.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 text         series: endpoint, path, consumer, release or key
--   $5 timestamptz  from, inclusive: a day's beginning
--   $6 timestamptz  to, exclusive: one's end
SELECT b.at, b.ranks
FROM traffic.label_blocks AS b
WHERE b.series = $4::text AND b.shard = $1::integer AND b.project_id = $2::uuid AND b.mode = $3::text
  AND b.at >= $5::timestamptz AND b.at < $6::timestamptz
ORDER BY b.at
