-- Days (UTC) of the traffic of all of an account's projects, and of some their quarters of an hour. A project without any such day has one
-- row, whose `at` is NULL. Its projects, archived ones too, are read from its stream; their names from read model `directory`: another
-- read model may be at another position, so a name may be missing, never a number.
--   $1 integer        shard
--   $2 uuid           account
--   $3 text           mode: live or test
--   $4 timestamptz    from, inclusive: a day's beginning
--   $5 timestamptz    to, exclusive
--   $6 timestamptz[]  days whose quarters are wanted
WITH projects AS (
  -- What happened to each last: an archived one is removed, and added again where it is taken out of the archive.
  SELECT DISTINCT ON (s.data ->> 'project_id') (s.data ->> 'project_id')::uuid AS project_id,
    s.type = 'project_removed' AS is_archived
  FROM log.read_stream($1::integer, 'account-' || $2::uuid, 0) AS s
  WHERE s.type IN ('project_added', 'project_removed')
  ORDER BY s.data ->> 'project_id', s.stream_version DESC
)
SELECT p.project_id, d.name, p.is_archived, r.before AS detail_from, t.at, t.total,
  CASE WHEN t.at = ANY($6::timestamptz[]) THEN t.cells END AS cells
FROM projects AS p
LEFT JOIN directory.projects AS d ON d.shard = $1::integer AND d.project_id = p.project_id
LEFT JOIN traffic.retention AS r ON r.shard = $1::integer AND r.project_id = p.project_id
LEFT JOIN traffic.days AS t ON t.shard = $1::integer AND t.project_id = p.project_id AND t.mode = $3::text
  AND t.at >= $4::timestamptz AND t.at < $5::timestamptz
ORDER BY p.project_id, t.at
