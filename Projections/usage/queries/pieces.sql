-- What an account's month, or a project's part of it, is made of: requests by the day they were recorded on (UTC), project and key; and
-- voids, key by key, whose events are negative and which stand among them by their own day. Those that a moment splits in two are left
-- out: pieces_split.sql.
--   $1 integer      shard
--   $2 uuid         account
--   $3 uuid         project, or NULL for all
--   $4 text         month, UTC, as 2026-11
--   $5 text         mode: live or test
--   $6 bigint       where the log stood at the moment, or NULL for none
--   $7 timestamptz  day      }
--   $8 uuid         project  } of the row after which
--   $9 uuid         key      } the next ones come
--   $10 bigint      void     }
--   $11 integer     limit
SELECT e.recorded_on::timestamp AT TIME ZONE 'UTC' AS recorded_on, e.project_id, e.key_id, e.void_position, e.events,
  e.first_position, e.last_position, e.void_id, e.reason, e.gives_back_quota, e.recorded_at
FROM (
  SELECT p.recorded_on, p.project_id, p.key_id, 0::bigint AS void_position, p.events, p.first_position, p.last_position,
    NULL::uuid AS void_id, NULL::text AS reason, NULL::boolean AS gives_back_quota, NULL::timestamptz AS recorded_at
  FROM usage.pieces AS p
  WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.month = $4::text AND p.mode = $5::text
    AND ($3::uuid IS NULL OR p.project_id = $3::uuid)
    AND (p.first_position <= $6::bigint AND p.last_position > $6::bigint) IS NOT TRUE
  UNION ALL
  SELECT (v.recorded_at AT TIME ZONE 'UTC')::date, v.project_id, c.key_id, v.position, -c.events, v.position, v.position,
    v.void_id, v.reason, v.gives_back_quota, v.recorded_at
  FROM (
    -- What was voided in a month is of projects that have requests there.
    SELECT DISTINCT p.project_id
    FROM usage.pieces AS p
    WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.month = $4::text AND p.mode = $5::text
      AND ($3::uuid IS NULL OR p.project_id = $3::uuid)
  ) AS o
  JOIN usage.voids AS v ON v.shard = $1::integer AND v.project_id = o.project_id AND v.mode = $5::text
  CROSS JOIN LATERAL jsonb_to_recordset(v.counts) AS c (month text, key_id uuid, events bigint)
  WHERE c.month = $4::text
) AS e
WHERE (e.recorded_on::timestamp AT TIME ZONE 'UTC', e.project_id, e.key_id, e.void_position)
  > ($7::timestamptz, $8::uuid, $9::uuid, $10::bigint)
ORDER BY recorded_on, e.project_id, e.key_id, e.void_position
LIMIT $11::integer
