-- The first version of a domain stream, at after < position <= upto, that is not one more than the version before it, or whose
-- event the log does not hold there; no row when all streams count 1, 2, 3, … That each domain event has its version
-- is log.first_bad_batch()'s to say: together they make the two the same.
CREATE OR REPLACE FUNCTION log.first_bad_stream_version(shard integer, after bigint, upto bigint)
RETURNS TABLE (first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH counted AS (
    SELECT v.stream, v.version, v.position, row_number() OVER (PARTITION BY v.stream ORDER BY v.position) AS due
    FROM log.stream_versions AS v
    WHERE v.shard = first_bad_stream_version.shard AND v.position <= first_bad_stream_version.upto
  ), found AS (
    SELECT c.*, b.first_position, b.last_position,
      EXISTS (
        SELECT FROM jsonb_array_elements(b.events) AS u
        WHERE (u ->> 'position')::bigint = c.position AND u ->> 'stream' = c.stream
          AND (u ->> 'stream_version')::integer = c.version) AS held
    FROM counted AS c
    LEFT JOIN LATERAL (
      SELECT a.position AS first_position, a.position AS last_position, jsonb_build_array(a.unit) AS events
      FROM log.archived_streams AS a
      WHERE a.shard = first_bad_stream_version.shard AND a.position = c.position
      UNION ALL
      -- The first batch that ends at or after the position is the one that holds it.
      (SELECT n.first_position, n.last_position, n.events
      FROM log.batches AS n
      WHERE n.shard = first_bad_stream_version.shard AND n.last_position >= c.position
      ORDER BY n.last_position
      LIMIT 1)
      LIMIT 1
    ) AS b ON true
    WHERE c.position > first_bad_stream_version.after
  )
  SELECT coalesce(f.first_position, f.position), coalesce(f.last_position, f.position),
    CASE
      WHEN f.version <> f.due THEN format('version %s of stream %s stands where %s was due', f.version, f.stream, f.due)
      ELSE format('version %s of stream %s is not the event at position %s', f.version, f.stream, f.position)
    END
  FROM found AS f
  WHERE f.version <> f.due OR NOT f.held
  ORDER BY f.position
  LIMIT 1
$$;
