-- Days (UTC) of a project's traffic, those without requests left out; and the quarters of an hour of some of them, which are not there
-- where detail is no longer kept.
--   $1 integer        shard
--   $2 uuid           project
--   $3 text           mode: live or test
--   $4 timestamptz    from, inclusive: a day's beginning
--   $5 timestamptz    to, exclusive
--   $6 timestamptz[]  days whose quarters are wanted
SELECT d.at, d.total, CASE WHEN d.at = ANY($6::timestamptz[]) THEN d.cells END AS cells
FROM traffic.days AS d
WHERE d.shard = $1::integer AND d.project_id = $2::uuid AND d.mode = $3::text
  AND d.at >= $4::timestamptz AND d.at < $5::timestamptz
ORDER BY d.at
