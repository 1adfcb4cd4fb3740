-- The frame of an archive file that holds a position; no row when the database holds it, or nobody.
CREATE OR REPLACE FUNCTION log.archived_at(shard integer, "position" bigint)
RETURNS TABLE (
  month text, file text, file_bytes bigint, sha256 bytea, start bigint, bytes bigint, first_position bigint, last_position bigint
)
LANGUAGE sql
STABLE
AS $$
  SELECT to_char(a.month, 'YYYY-MM'), a.file, a.bytes, a.sha256, f.start, f.bytes, f.first_position, f.last_position
  FROM (
    -- The first frame that ends at or after the position is the one that holds it, if any does.
    SELECT n.*
    FROM log.archive_frames AS n
    WHERE n.shard = archived_at.shard AND n.last_position >= archived_at."position"
    ORDER BY n.last_position
    LIMIT 1
  ) AS f
  JOIN log.archives AS a ON a.month = f.month AND a.shard = f.shard
  WHERE f.first_position <= archived_at."position"
$$;
