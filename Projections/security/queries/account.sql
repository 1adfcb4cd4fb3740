-- The security audit log of an account, newest first: what was done to the account, and what its members did as themselves while
-- they were members, wherever these live.
--   $1 integer      shard of the account
--   $2 uuid         account
--   $3 text         kind: an event type; NULL: all
--   $4 bigint       at, in microseconds since 1970 }
--   $5 integer      shard                          } of the last row of the page before; all NULL for the first page
--   $6 bigint       position                       }
--   $7 integer      limit
WITH changes AS (
  SELECT m.user_id, m.is_member, m.at AS since,
    lead(m.at) OVER (PARTITION BY m.user_id ORDER BY m.position) AS until
  FROM security.memberships AS m
  WHERE m.shard = $1::integer AND m.account_id = $2::uuid
), of_account AS (
  SELECT e.*
  FROM security.entries AS e
  WHERE e.shard = $1::integer AND e.account_id = $2::uuid AND ($3::text IS NULL OR e.kind = $3::text)
    AND ($4::bigint IS NULL OR (e.at, e.shard, e.position) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::integer, $6::bigint))
  ORDER BY e.at DESC, e.position DESC
  LIMIT $7::integer
), of_members AS (
  SELECT e.*
  FROM changes AS c
  CROSS JOIN LATERAL (
    SELECT e.*
    FROM security.entries AS e
    WHERE e.shard = log.shard_of(c.user_id) AND e.user_id = c.user_id AND e.at >= c.since
      AND (c.until IS NULL OR e.at < c.until) AND ($3::text IS NULL OR e.kind = $3::text)
      AND ($4::bigint IS NULL OR (e.at, e.shard, e.position) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::integer, $6::bigint))
    ORDER BY e.at DESC, e.position DESC
    LIMIT $7::integer
  ) AS e
  WHERE c.is_member
)
SELECT e.at, (extract(epoch FROM e.at) * 1000000)::bigint AS microseconds, e.shard, e.position, e.kind, e.user_id, e.actor_id,
  e.client_sealed, e.details::text AS details
FROM (SELECT * FROM of_account UNION ALL SELECT * FROM of_members) AS e
ORDER BY e.at DESC, e.shard DESC, e.position DESC
LIMIT $7::integer
