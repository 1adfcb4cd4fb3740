-- What became of everything a project's keys sent, by day of receipt (UTC), live and test apart; days without any are left out.
-- received = accepted + duplicates + refused + invalid.
--   $1 integer      shard
--   $2 uuid         project
--   $3 uuid         key, or NULL for all
--   $4 timestamptz  from, inclusive
--   $5 timestamptz  to, exclusive
SELECT i.mode, date_trunc('day', i.hour, 'UTC') AS day,
  sum(i.accepted + i.duplicates + i.refused + i.invalid)::bigint AS received,
  sum(i.accepted)::bigint AS accepted, sum(i.duplicates)::bigint AS duplicates,
  sum(i.refused)::bigint AS refused, sum(i.invalid)::bigint AS invalid
FROM usage.intake AS i
WHERE i.shard = $1::integer AND i.project_id = $2::uuid AND ($3::uuid IS NULL OR i.key_id = $3::uuid)
  AND i.hour >= $4::timestamptz AND i.hour < $5::timestamptz
GROUP BY i.mode, date_trunc('day', i.hour, 'UTC')
ORDER BY i.mode, day
