-- What each project of an account used in a month, by the requests' own timestamps, live and test apart; those that used most first, and
-- none that used nothing. Which projects it has, archived ones too, is read from its stream; their names from read model `directory`, which may
-- be behind: a name is then missing, never a number.
--   $1 integer  shard
--   $2 uuid     account
--   $3 text     month, UTC, as 2026-11
WITH projects AS (
  SELECT DISTINCT (s.data ->> 'project_id')::uuid AS project_id
  FROM log.read_stream($1::integer, 'account-' || $2::uuid, 0) AS s
  WHERE s.type = 'project_added'
)
SELECT p.project_id, d.name, k.mode, sum(k.used)::bigint AS used,
  sum(k.used + k.given_back - k.voided)::bigint AS calls, sum(k.voided)::bigint AS voided,
  sum(k.given_back)::bigint AS given_back, sum(k.refused)::bigint AS refused
FROM projects AS p
JOIN usage.key_months AS k ON k.shard = $1::integer AND k.project_id = p.project_id AND k.month = $3::text
LEFT JOIN directory.projects AS d ON d.shard = $1::integer AND d.project_id = p.project_id
GROUP BY p.project_id, d.name, k.mode
ORDER BY used DESC, p.project_id, k.mode
