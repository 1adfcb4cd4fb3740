-- An account's live requests by project and day of a month (UTC), as of the position that this read model is at; and where the
-- account's events begin. Its projects, archived ones too, are read from its stream: another read model may be at another position.
--
-- `unsettled`: the read model is being built, and leaves out already what a void of a project beyond that position takes (foresight,
-- log.read_beside_voids()): the days are ahead of their position. Once it is built they never are, however many voids it has yet to come to.
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
      JOIN projector.progress AS k ON k.projection = 'traffic' AND k.shard = $1::integer
      WHERE c.position > $5::bigint AND c.position <= k.foresight) AS unsettled
  FROM log.stream_versions AS v
  WHERE v.shard = $1::integer AND v.stream = 'account-' || $2::uuid
)
SELECT a.first_position, a.unsettled, t.project_id, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, t.total
FROM account AS a
LEFT JOIN traffic.days AS t ON t.shard = $1::integer AND t.project_id IN (SELECT p.project_id FROM projects AS p)
  AND t.mode = 'live' AND t.at >= $3::timestamptz AND t.at < $4::timestamptz
ORDER BY t.project_id, t.at
