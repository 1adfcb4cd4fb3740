-- The latest requests of a project, latest first, out of the window that the README describes.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 text         class: ok, 4xx or 5xx; NULL: all
--   $5 text         method; NULL: all
--   $6 text         endpoint: a template, a raw path, or a path with its query string; NULL: all
--   $7 timestamptz  from, inclusive
--   $8 timestamptz  to, exclusive
--   $9 timestamptz  at       } of the last row of the page before; both NULL for the first page
--   $10 bigint      position }
--   $11 integer     limit
SELECT r.*
FROM unnest(CASE WHEN $4::text IS NULL THEN ARRAY['ok', '4xx', '5xx'] ELSE ARRAY[$4::text] END) AS c (class)
CROSS JOIN LATERAL (
  SELECT l.at, l.position, l.method, l.endpoint, l.template, l.status_code, l.response_time_ms, l.id, l.ordinal, l.key_id,
    l.recorded_at
  FROM requests.latest AS l
  WHERE l.shard = $1::integer AND l.project_id = $2::uuid AND l.mode = $3::text AND l.class = c.class
    AND l.at >= $7::timestamptz AND l.at < $8::timestamptz
    AND ($9::timestamptz IS NULL OR (l.at, l.position) < ($9::timestamptz, $10::bigint))
    AND ($5::text IS NULL OR l.method = $5::text)
    AND ($6::text IS NULL OR $6::text IN (l.template, split_part(l.endpoint, '?', 1), l.endpoint))
  ORDER BY l.at DESC, l.position DESC
  LIMIT $11::integer
) AS r
ORDER BY r.at DESC, r.position DESC
LIMIT $11::integer
