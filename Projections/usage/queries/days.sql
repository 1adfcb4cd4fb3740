-- What became of everything a project's keys sent, by day of receipt (UTC), live and test apart; days without any are left out.
-- received = accepted + duplicates + refused + invalid; beside it, calls that were turned away unread, for coming too fast.
--   $1 integer      shard
--   $2 uuid         project
--   $3 uuid         key, or NULL for all
--   $4 timestamptz  from, inclusive } days that the span only touches
--   $5 timestamptz  to, exclusive   } are taken whole
SELECT d.mode, d.day::timestamp AT TIME ZONE 'UTC' AS day,
  sum(d.accepted + d.duplicates + d.refused + d.invalid)::bigint AS received,
  sum(d.accepted)::bigint AS accepted, sum(d.duplicates)::bigint AS duplicates,
  sum(d.refused)::bigint AS refused, sum(d.invalid)::bigint AS invalid, sum(d.malformed)::bigint AS malformed,
  sum(d.outside_window)::bigint AS outside_window, sum(d.id_conflicts)::bigint AS id_conflicts,
  sum(d.throttled)::bigint AS throttled
FROM usage.days AS d
WHERE d.shard = $1::integer AND d.project_id = $2::uuid AND ($3::uuid IS NULL OR d.key_id = $3::uuid)
  AND d.day >= ($4::timestamptz AT TIME ZONE 'UTC')::date
  AND d.day <= (($5::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date
GROUP BY d.mode, d.day
ORDER BY d.mode, day
