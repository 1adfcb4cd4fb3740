-- All labels of some days (UTC) with their quarters of an hour: of days of which a span holds a part.
--   $1 integer        shard
--   $2 uuid           project
--   $3 text           mode: live or test
--   $4 text           series: endpoint, path, consumer, release or key
--   $5 timestamptz[]  the days
SELECT t.at, t.hash, t.cells
FROM traffic.labels AS t
WHERE t.series = $4::text AND t.shard = $1::integer AND t.project_id = $2::uuid AND t.mode = $3::text
  AND t.at = ANY($5::timestamptz[]) AND t.cells IS NOT NULL
