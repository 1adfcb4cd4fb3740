-- The link that the batch holding `position` hangs on: where the batch before it ends, and that one's hash. Position 0 and 32
-- zero bytes where there is none before.
CREATE OR REPLACE FUNCTION log.chain_before(shard integer, "position" bigint)
RETURNS TABLE (last_position bigint, hash bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT l.last_position, l.hash
  FROM (
    (SELECT b.last_position, b.hash
    FROM log.batches_at_hand AS b
    WHERE b.shard = chain_before.shard AND b.last_position < chain_before.position
    ORDER BY b.last_position DESC
    LIMIT 1)
    UNION ALL
    -- Before the first batch at hand of an archive: where the frame before it ends.
    (SELECT f.last_position, f.last_hash
    FROM log.archive_frames AS f
    WHERE f.shard = chain_before.shard AND f.last_position < chain_before.position
    ORDER BY f.last_position DESC
    LIMIT 1)
    UNION ALL
    SELECT 0, decode(repeat('00', 32), 'hex')
  ) AS l
  ORDER BY l.last_position DESC
  LIMIT 1
$$;
