-- The oldest hour that some projects have detail of; no row for those that have none.
--   $1 integer  shard
--   $2 uuid[]   projects
SELECT p.project_id, min(o.at) AS at
FROM unnest($2::uuid[]) AS p (project_id)
CROSS JOIN unnest(ARRAY['live', 'test']) AS m (mode)
CROSS JOIN LATERAL (
  -- The first entry of the index, not a look at all of them.
  SELECT t.at
  FROM traffic.minutes AS t
  WHERE t.shard = $1::integer AND t.project_id = p.project_id AND t.mode = m.mode
  ORDER BY t.at
  LIMIT 1
) AS o
GROUP BY p.project_id
