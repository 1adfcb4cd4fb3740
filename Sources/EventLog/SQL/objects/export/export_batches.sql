-- The batches at after < position <= upto as JSON lines, in order: what the verifier (tools/verify_log.py) reads.
-- `events` is a JSON string and not JSON: it holds the very text that log.batch_hash() hashed, which no parser may touch.
CREATE OR REPLACE FUNCTION log.export_batches(shard integer, after bigint, upto bigint)
RETURNS TABLE (line text)
LANGUAGE sql
STABLE
AS $$
  SELECT format(
    '{"shard": %s, "first_position": %s, "last_position": %s, "recorded_at_us": %s, "hash": "%s", "events": %s}',
    b.shard, b.first_position, b.last_position, (extract(epoch FROM b.recorded_at) * 1000000)::bigint,
    encode(b.hash, 'hex'), to_json(b.events::text))
  FROM log.batches_at_hand AS b
  WHERE b.shard = export_batches.shard
    AND b.last_position > export_batches.after AND b.last_position <= export_batches.upto
  ORDER BY b.last_position, b.recorded_at
$$;
