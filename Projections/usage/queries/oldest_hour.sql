-- The oldest hour of receipt that is kept of some projects; no row for those that have none.
--   $1 integer  shard
--   $2 uuid[]   projects
SELECT p.project_id, min(o.hour) AS at
FROM unnest($2::uuid[]) AS p (project_id)
CROSS JOIN unnest(ARRAY['live', 'test']) AS m (mode)
CROSS JOIN LATERAL (
  -- The first entry of the index, not a look at all of them.
  SELECT i.hour
  FROM usage.intake AS i
  WHERE i.shard = $1::integer AND i.project_id = p.project_id AND i.mode = m.mode
  ORDER BY i.hour
  LIMIT 1
) AS o
GROUP BY p.project_id
