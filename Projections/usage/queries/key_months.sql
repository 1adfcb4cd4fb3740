-- What each key of a project used in a month, by the requests' own timestamps; those that used most first, at most 100.
--   $1 integer  shard
--   $2 uuid     project
--   $3 text     month, UTC, as 2026-11
--   $4 uuid     key, or NULL for all
SELECT k.key_id, k.mode, d.name, d.hint, k.used, k.used + k.given_back - k.voided AS calls, k.voided, k.given_back, k.refused,
  sum(k.used) OVER (PARTITION BY k.mode)::bigint AS used_in_mode,
  sum(k.used + k.given_back - k.voided) OVER (PARTITION BY k.mode)::bigint AS calls_in_mode,
  sum(k.voided) OVER (PARTITION BY k.mode)::bigint AS voided_in_mode,
  sum(k.given_back) OVER (PARTITION BY k.mode)::bigint AS given_back_in_mode,
  sum(k.refused) OVER (PARTITION BY k.mode)::bigint AS refused_in_mode
FROM usage.key_months AS k
-- Another read model, which may be behind: a key's name is then missing, never a number.
LEFT JOIN directory.keys AS d ON d.shard = k.shard AND d.key_id = k.key_id
WHERE k.shard = $1::integer AND k.project_id = $2::uuid AND k.month = $3::text
  AND ($4::uuid IS NULL OR k.key_id = $4::uuid)
ORDER BY k.used DESC, k.key_id
LIMIT 100
