-- Whether a session goes on; no row for one that has ended long ago with its person, or is so new that it is not known here yet.
--   $1 integer  shard of the person
--   $2 uuid     session
SELECT s.user_id, s.expires_at, s.ended_at
FROM people.sessions AS s
WHERE s.shard = $1::integer AND s.session_id = $2::uuid
