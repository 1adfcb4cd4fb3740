-- An account's live requests by project and day of a month (UTC), as of the position that this read model is at; and where the
-- account's events begin. Its projects, archived ones too, are read from its stream: another read model may be at another position.
--
-- `unsettled`: a project's correction stands in the log beyond that position. A rebuild leaves out what was voided
-- as soon as it knows of it, so the days may be ahead of their position: to be asked again.
--   $1 integer      shard
--   $2 uuid         account
--   $3 timestamptz  the month's start
--   $4 timestamptz  the next one's
--   $5 bigint       the position
WITH projects AS (
  SELECT (s.data ->> 'project_id')::uuid AS project_id
  FROM log.read_stream($1::integer, 'account-' || $2::uuid, 0) AS s
  WHERE s.type = 'project_added'
), account AS (
  SELECT min(v.position) AS first_position,
    EXISTS (
      SELECT FROM projects AS p
      JOIN log.stream_versions AS c ON c.shard = $1::integer AND c.stream = 'project-' || p.project_id
      WHERE c.position > $5::bigint) AS unsettled
  FROM log.stream_versions AS v
  WHERE v.shard = $1::integer AND v.stream = 'account-' || $2::uuid
)
SELECT a.first_position, a.unsettled, t.project_id, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, t.calls
FROM account AS a
LEFT JOIN traffic.timeline AS t ON t.shard = $1::integer AND t.project_id IN (SELECT p.project_id FROM projects AS p)
  AND t.mode = 'live' AND t.grain = 'day' AND t.at >= $3::timestamptz AND t.at < $4::timestamptz AND t.calls > 0
ORDER BY t.project_id, t.at
