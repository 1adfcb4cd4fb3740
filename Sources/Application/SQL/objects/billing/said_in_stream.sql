-- A stream as the log has it, of archived months too, with a row for each version that it ever had: one whose event is not there any more is NULL in
-- all that it said. Bodies of Stripe's stay sealed where they are: rules read the clear members alone.
CREATE OR REPLACE FUNCTION operations.said_in_stream(shard integer, stream text)
RETURNS TABLE (version integer, "position" bigint, recorded_at timestamptz, type text, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT v.version, v.position, e.recorded_at, e.type,
    CASE WHEN e.data ? 'body_sealed' THEN jsonb_set(e.data, '{body_sealed}', '""') ELSE e.data END::text
  FROM log.stream_versions AS v
  LEFT JOIN log.read_stream(said_in_stream.shard, said_in_stream.stream, 0) AS e ON e.stream_version = v.version
  WHERE v.shard = said_in_stream.shard AND v.stream = said_in_stream.stream
  ORDER BY v.version
$$;
