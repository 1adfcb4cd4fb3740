-- What the log takes on disk, indexes included: its batches, what is remembered to recognise repeats, and all else that the schema
-- holds; and what of it has gone into archive files.
CREATE OR REPLACE FUNCTION log.disk_status()
RETURNS TABLE (batches_bytes bigint, ids_bytes bigint, other_bytes bigint, archived_events bigint, archived_bytes bigint)
LANGUAGE sql
STABLE
AS $$
  WITH sizes AS (
    SELECT c.relname, pg_total_relation_size(c.oid) AS bytes
    FROM pg_class AS c
    WHERE c.relnamespace = 'log'::regnamespace AND c.relkind = 'r'
  )
  SELECT
    coalesce(sum(s.bytes) FILTER (WHERE s.relname LIKE 'batches\_%'), 0)::bigint,
    coalesce(sum(s.bytes) FILTER (WHERE s.relname LIKE 'event\_ids\_%'), 0)::bigint,
    coalesce(sum(s.bytes) FILTER (WHERE s.relname NOT LIKE 'batches\_%' AND s.relname NOT LIKE 'event\_ids\_%'), 0)::bigint,
    (SELECT coalesce(sum(a.last_position - a.first_position + 1), 0)::bigint FROM log.archives AS a),
    (SELECT coalesce(sum(a.bytes), 0)::bigint FROM log.archives AS a)
  FROM sizes AS s
$$;
