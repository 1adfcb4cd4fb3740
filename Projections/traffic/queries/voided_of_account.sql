-- Live requests of an account's month that were voided, as of a position, and not given back to its quota: they are in none of its days
-- and stay used. Read from the log: another read model may be at another position.
--   $1 integer  shard
--   $2 uuid     account
--   $3 text     month, UTC, as 2026-11
--   $4 bigint   the position
WITH projects AS (
  -- Each once: one that was taken out of the archive was added again.
  SELECT DISTINCT (p.data ->> 'project_id')::uuid AS project_id
  FROM log.read_stream($1::integer, 'account-' || $2::uuid, 0) AS p
  WHERE p.type = 'project_added'
)
SELECT coalesce(sum(c.events), 0)::bigint AS voided
FROM projects AS p
JOIN log.voids AS v ON v.shard = $1::integer AND v.project_id = p.project_id
  AND v.mode = 'live' AND v.position <= $4::bigint
JOIN log.stream_versions AS s ON s.shard = $1::integer AND s.stream = 'project-' || v.project_id AND s.position = v.position
CROSS JOIN LATERAL (
  SELECT r.data
  FROM log.read_stream($1::integer, s.stream, s.version - 1) AS r
  WHERE r.stream_version = s.version
) AS e
CROSS JOIN LATERAL jsonb_to_recordset(e.data -> 'counts') AS c (month text, events bigint)
WHERE NOT (e.data ->> 'gives_back_quota')::boolean AND c.month = $3::text
