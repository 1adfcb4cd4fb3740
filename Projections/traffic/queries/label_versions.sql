-- Days (UTC) on which labels were called, each with a version, which changes when a label's numbers do.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 text         series: endpoint, path, consumer, release or key
--   $5 timestamptz  from, inclusive: a day's beginning
--   $6 timestamptz  to, exclusive
SELECT b.at, b.version
FROM traffic.label_blocks AS b
WHERE b.series = $4::text AND b.shard = $1::integer AND b.project_id = $2::uuid AND b.mode = $3::text
  AND b.at >= $5::timestamptz AND b.at < $6::timestamptz
ORDER BY b.at
