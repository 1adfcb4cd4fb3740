-- Some labels on some days (UTC), with their quarters of an hour where these are wanted.
--   $1 integer        shard
--   $2 uuid           project
--   $3 text           mode: live or test
--   $4 text           series: endpoint, path, consumer, release or key
--   $5 timestamptz[]  the days
--   $6 timestamptz[]  those of them whose quarters are wanted
--   $7 bigint[]       the labels' hashes
SELECT t.at, t.hash, t.label, t.total, CASE WHEN t.at = ANY($6::timestamptz[]) THEN t.cells END AS cells
FROM traffic.labels AS t
WHERE t.series = $4::text AND t.shard = $1::integer AND t.project_id = $2::uuid AND t.mode = $3::text
  AND t.at = ANY($5::timestamptz[]) AND t.hash = ANY($7::bigint[])
ORDER BY t.at
