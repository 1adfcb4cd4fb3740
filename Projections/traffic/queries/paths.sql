-- The raw paths of a project in a range, without query strings, most called first.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive } days (UTC) that the range only touches
--   $5 timestamptz  to, exclusive   } are taken whole
--   $6 integer      limit
--   $7 bigint       calls  } of the last row of the page before; all NULL for the first page
--   $8 text         method }
--   $9 text         path   }
SELECT p.method, p.path, sum(p.calls)::bigint AS total_calls
FROM traffic.paths AS p
WHERE p.shard = $1::integer AND p.project_id = $2::uuid AND p.mode = $3::text
  AND p.day >= ($4::timestamptz AT TIME ZONE 'UTC')::date
  AND p.day <= (($5::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date
GROUP BY p.method, p.path
HAVING $7::bigint IS NULL OR (-sum(p.calls), p.method, p.path) > (-$7::bigint, $8::text, $9::text)
ORDER BY sum(p.calls) DESC, p.method, p.path
LIMIT $6::integer
