-- Where a person is logged in at a time, the last used first.
--   $1 integer      shard of the person
--   $2 uuid         person
--   $3 timestamptz  now
SELECT s.session_id, s.client_sealed, s.started_at, s.last_used_at, s.expires_at
FROM people.sessions AS s
WHERE s.shard = $1::integer AND s.user_id = $2::uuid AND s.ended_at IS NULL AND s.expires_at > $3::timestamptz
ORDER BY s.last_used_at DESC, s.session_id
LIMIT 500
