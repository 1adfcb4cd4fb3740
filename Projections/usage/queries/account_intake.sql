-- What became of everything that the keys of an account's projects sent in a mode, over days of receipt (UTC): one row.
-- received = accepted + duplicates + refused + invalid; beside it, calls that were turned away unread, for coming too fast.
--   $1 integer      shard
--   $2 uuid         account
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive } days that the span only touches
--   $5 timestamptz  to, exclusive   } are taken whole
WITH projects AS (
  -- Archived ones, too.
  SELECT DISTINCT (s.data ->> 'project_id')::uuid AS project_id
  FROM log.read_stream($1::integer, 'account-' || $2::uuid, 0) AS s
  WHERE s.type = 'project_added'
)
SELECT coalesce(sum(d.accepted + d.duplicates + d.refused + d.invalid), 0)::bigint AS received,
  coalesce(sum(d.accepted), 0)::bigint AS accepted, coalesce(sum(d.duplicates), 0)::bigint AS duplicates,
  coalesce(sum(d.refused), 0)::bigint AS refused, coalesce(sum(d.invalid), 0)::bigint AS invalid,
  coalesce(sum(d.malformed), 0)::bigint AS malformed, coalesce(sum(d.outside_window), 0)::bigint AS outside_window,
  coalesce(sum(d.id_conflicts), 0)::bigint AS id_conflicts, coalesce(sum(d.throttled), 0)::bigint AS throttled
FROM projects AS p
JOIN usage.days AS d ON d.shard = $1::integer AND d.project_id = p.project_id AND d.mode = $3::text
  AND d.day >= ($4::timestamptz AT TIME ZONE 'UTC')::date
  AND d.day <= (($5::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date
