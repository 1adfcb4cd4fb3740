-- What the pieces of an account's month, or a project's, come to, and came to as of a position, without those that it splits in two.
--   $1 integer  shard
--   $2 uuid     account
--   $3 uuid     project, or NULL for all
--   $4 text     month, UTC, as 2026-11
--   $5 text     mode: live or test
--   $6 bigint   where the log stood at a moment, or NULL for none
SELECT coalesce(p.tracked, 0) AS tracked, coalesce(p.tracked_then, 0) AS tracked_then, coalesce(v.voided, 0) AS voided,
  coalesce(v.voided_then, 0) AS voided_then, coalesce(v.given_back, 0) AS given_back,
  coalesce(v.given_back_then, 0) AS given_back_then
FROM (
  SELECT sum(p.events)::bigint AS tracked, sum(p.events) FILTER (WHERE p.last_position <= $6::bigint)::bigint AS tracked_then,
    array_agg(DISTINCT p.project_id) AS projects
  FROM usage.pieces AS p
  WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.month = $4::text AND p.mode = $5::text
    AND ($3::uuid IS NULL OR p.project_id = $3::uuid)
) AS p
CROSS JOIN LATERAL (
  SELECT sum(c.events)::bigint AS voided, sum(c.events) FILTER (WHERE v.position <= $6::bigint)::bigint AS voided_then,
    sum(c.events) FILTER (WHERE v.gives_back_quota)::bigint AS given_back,
    sum(c.events) FILTER (WHERE v.gives_back_quota AND v.position <= $6::bigint)::bigint AS given_back_then
  FROM usage.voids AS v
  CROSS JOIN LATERAL jsonb_to_recordset(v.counts) AS c (month text, key_id uuid, events bigint)
  WHERE v.shard = $1::integer AND v.project_id = ANY (p.projects) AND v.mode = $5::text AND c.month = $4::text
) AS v
