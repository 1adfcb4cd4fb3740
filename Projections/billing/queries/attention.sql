-- A page of what somebody has to look at, of all accounts, the oldest first.
--   $1 timestamptz  needed_at }
--   $2 integer      shard     } of the last row of the page before; all NULL for the first page
--   $3 bigint       position  }
--   $4 integer      rows
SELECT a.shard, a.account_id, a.attention, a.subject, a.detail, a.position, a.needed_at
FROM billing.attention AS a
WHERE $1::timestamptz IS NULL OR (a.needed_at, a.shard, a.position) > ($1::timestamptz, $2::integer, $3::bigint)
ORDER BY a.needed_at, a.shard, a.position
LIMIT $4::integer
