-- What was taken out of a project's numbers, latest first.
--   $1 integer  shard
--   $2 uuid     project
--   $3 bigint   position of the last row of the page before; NULL for the first page
--   $4 integer  limit
SELECT v.void_id, v.mode, v."from", v."to", v.reason, v.events, v.counts, v.gives_back_quota, v.upto_position,
  v.position, v.voided_by, v.recorded_at
FROM usage.voids AS v
WHERE v.shard = $1::integer AND v.project_id = $2::uuid AND ($3::bigint IS NULL OR v.position < $3::bigint)
ORDER BY v.position DESC
LIMIT $4::integer
