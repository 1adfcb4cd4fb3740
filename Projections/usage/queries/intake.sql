-- What became of everything a project's keys sent, by hour of receipt; hours without any are left out.
-- received = accepted + duplicates + refused + invalid; beside it, calls that were turned away unread, for coming too fast.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive: an hour is in when it begins at or after it
--   $5 timestamptz  to, exclusive
SELECT i.hour, sum(i.accepted + i.duplicates + i.refused + i.invalid)::bigint AS received,
  sum(i.accepted)::bigint AS accepted, sum(i.duplicates)::bigint AS duplicates,
  sum(i.refused)::bigint AS refused, sum(i.invalid)::bigint AS invalid, sum(i.malformed)::bigint AS malformed,
  sum(i.outside_window)::bigint AS outside_window, sum(i.id_conflicts)::bigint AS id_conflicts,
  sum(i.throttled)::bigint AS throttled
FROM usage.intake AS i
WHERE i.shard = $1::integer AND i.project_id = $2::uuid AND i.mode = $3::text
  AND i.hour >= $4::timestamptz AND i.hour < $5::timestamptz
GROUP BY i.hour
ORDER BY i.hour
