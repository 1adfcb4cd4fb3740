-- What a person did as themselves, and what was tried in their name, newest first.
--   $1 integer      shard of the person
--   $2 uuid         person
--   $3 text         kind: an event type; NULL: all
--   $4 bigint       at, in microseconds since 1970 }
--   $5 integer      shard                          } of the last row of the page before; all NULL for the first page
--   $6 bigint       position                       }
--   $7 integer      limit
SELECT e.at, (extract(epoch FROM e.at) * 1000000)::bigint AS microseconds, e.shard, e.position, e.kind, e.user_id, e.actor_id,
  e.client_sealed, e.details::text AS details
FROM security.entries AS e
WHERE e.shard = $1::integer AND e.user_id = $2::uuid AND ($3::text IS NULL OR e.kind = $3::text)
  AND ($4::bigint IS NULL OR (e.at, e.shard, e.position) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::integer, $6::bigint))
ORDER BY e.at DESC, e.position DESC
LIMIT $7::integer
