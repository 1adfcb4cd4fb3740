-- The pieces of an account's month, or a project's, that a moment splits in two: some of their requests had been recorded by then, and some had
-- not. All of them were recorded on one day.
--   $1 integer  shard
--   $2 uuid     account
--   $3 uuid     project, or NULL for all
--   $4 text     month, UTC, as 2026-11
--   $5 text     mode: live or test
--   $6 bigint   where the log stood at the moment
SELECT p.recorded_on::timestamp AT TIME ZONE 'UTC' AS recorded_on, p.project_id, p.key_id, p.first_position, p.last_position
FROM usage.pieces AS p
WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.month = $4::text AND p.mode = $5::text
  AND ($3::uuid IS NULL OR p.project_id = $3::uuid)
  AND p.first_position <= $6::bigint AND p.last_position > $6::bigint
