-- On which days (UTC) a project's requests of some months were recorded, and between which positions those of a day stand. Positions rise with
-- time, so no two days overlap.
--   $1 integer  shard
--   $2 uuid     account
--   $3 uuid     project
--   $4 text     mode: live or test
--   $5 text     the first month, UTC, as 2026-11
--   $6 text     the last month
SELECT p.recorded_on::timestamp AT TIME ZONE 'UTC' AS recorded_on, min(p.first_position) AS first_position,
  max(p.last_position) AS last_position
FROM usage.pieces AS p
WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.project_id = $3::uuid AND p.mode = $4::text
  AND p.month >= $5::text AND p.month <= $6::text
GROUP BY p.recorded_on
ORDER BY p.recorded_on
