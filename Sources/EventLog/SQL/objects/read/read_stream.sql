-- One domain stream in order of its versions, found through log.stream_versions rather than by reading the shard.
CREATE OR REPLACE FUNCTION log.read_stream(shard integer, stream text, after_version integer)
RETURNS TABLE (stream_version integer, "position" bigint, recorded_at timestamptz, type text, version integer, data jsonb)
LANGUAGE sql
STABLE
AS $$
  SELECT v.version, v.position, e.recorded_at, e.unit ->> 'type', (e.unit ->> 'version')::integer,
    log.upcast(e.unit ->> 'type', (e.unit ->> 'version')::integer, e.unit -> 'data') -> 0
  FROM log.stream_versions AS v
  CROSS JOIN LATERAL (
    -- Of an archived month: kept for this.
    SELECT a.recorded_at, a.unit
    FROM log.archived_streams AS a
    WHERE a.shard = v.shard AND a.position = v.position
    UNION ALL
    SELECT b.recorded_at, u
    FROM (
      -- The first batch that ends at or after the position is the one that holds it.
      SELECT c.recorded_at, c.events
      FROM log.batches AS c
      WHERE c.shard = v.shard AND c.last_position >= v.position
      ORDER BY c.last_position
      LIMIT 1
    ) AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u
    WHERE (u ->> 'position')::bigint = v.position
    LIMIT 1 -- found in the archive, the batches are not looked at
  ) AS e
  WHERE v.shard = read_stream.shard AND v.stream = read_stream.stream AND v.version > read_stream.after_version
  ORDER BY v.version
$$;
