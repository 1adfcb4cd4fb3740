-- A page of a project's annotations, the latest first: those of which something lies in a span.
--   $1 integer      shard
--   $2 uuid         project
--   $3 timestamptz  from, inclusive
--   $4 timestamptz  to, exclusive
--   $5 timestamptz  at of the last annotation of the page before, or NULL
--   $6 uuid         that annotation
--   $7 integer      rows
SELECT a.annotation_id, a.at, a.until, a.text, a.added_by, a.added_at
FROM notes.annotations AS a
WHERE a.shard = $1::integer AND a.project_id = $2::uuid
  AND a.at < $4::timestamptz AND (a.at >= $3::timestamptz OR a.until > $3::timestamptz)
  AND ($5::timestamptz IS NULL OR (a.at, a.annotation_id) < ($5::timestamptz, $6::uuid))
ORDER BY a.at DESC, a.annotation_id DESC
LIMIT $7::integer
