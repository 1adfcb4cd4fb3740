-- The link of the chain (promise 6): SHA-256 over the previous link, the batch's header and its events in canonical text.
-- The canonical text is jsonb's own output, which orders keys and spaces the same way always. recorded_at enters as whole
-- microseconds since 1970, so that no verifier needs PostgreSQL's date formats.
CREATE OR REPLACE FUNCTION log.batch_hash(
  previous bytea, shard integer, first_position bigint, last_position bigint, recorded_at timestamptz, events text
) RETURNS bytea
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
  SELECT sha256(
    previous || convert_to(
      format(E'%s %s %s %s\n', shard, first_position, last_position, (extract(epoch FROM recorded_at) * 1000000)::bigint)
      || events, 'UTF8'))
$$;
