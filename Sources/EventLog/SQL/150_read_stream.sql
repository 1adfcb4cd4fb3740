-- One domain stream in order of its versions, found through log.stream_versions rather than by reading the shard.
CREATE OR REPLACE FUNCTION log.read_stream(shard integer, stream text, after_version integer)
RETURNS TABLE (stream_version integer, "position" bigint, recorded_at timestamptz, type text, version integer, data jsonb)
LANGUAGE sql
STABLE
AS $$
  SELECT v.version, v.position, b.recorded_at, u ->> 'type', (u ->> 'version')::integer,
    log.upcast(u ->> 'type', (u ->> 'version')::integer, u -> 'data') -> 0
  FROM log.stream_versions AS v
  CROSS JOIN LATERAL (
    -- The first batch that ends at or after the position is the one that holds it.
    SELECT c.recorded_at, c.events
    FROM log.batches AS c
    WHERE c.shard = v.shard AND c.last_position >= v.position
    ORDER BY c.last_position
    LIMIT 1
  ) AS b
  CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u
  WHERE v.shard = read_stream.shard AND v.stream = read_stream.stream AND v.version > read_stream.after_version
    AND (u ->> 'position')::bigint = v.position
  ORDER BY v.version
$$;
