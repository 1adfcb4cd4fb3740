-- Where a bounded step along a shard's chain ends: the last batch that ends within `step` events after `after`, or else the next
-- one, however large it is. No row at the end of the log, which is never looked for beyond `upto`. Verification and export walk
-- by it, so that neither holds more than a step in memory.
CREATE OR REPLACE FUNCTION log.chain_end(shard integer, after bigint, upto bigint, step bigint)
RETURNS TABLE (last_position bigint, hash bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT b.last_position, b.hash
  FROM log.batches_at_hand AS b
  WHERE b.shard = chain_end.shard
    AND b.last_position > chain_end.after AND b.last_position <= chain_end.upto
    AND b.last_position <= greatest(chain_end.after + chain_end.step, (
      SELECT min(n.last_position) FROM log.batches_at_hand AS n
      WHERE n.shard = chain_end.shard AND n.last_position > chain_end.after))
  ORDER BY b.last_position DESC
  LIMIT 1
$$;
