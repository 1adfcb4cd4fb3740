-- The batch that holds a position, and the link that it hangs on; no row where the log does not go so far. Of archived months, what the
-- transaction has at hand.
CREATE OR REPLACE FUNCTION log.batch_holding(shard integer, "position" bigint)
RETURNS TABLE (first_position bigint, last_position bigint, recorded_at timestamptz, previous_hash bytea, hash bytea)
LANGUAGE sql
STABLE
-- Through the batches' key, whatever the planner thinks of a month that it has no statistics of yet.
SET enable_seqscan = off
AS $$
  SELECT b.first_position, b.last_position, b.recorded_at, p.hash, b.hash
  FROM (
    -- The first batch that ends at or after the position is the one that holds it, if any does.
    SELECT h.first_position, h.last_position, h.recorded_at, h.hash
    FROM log.batches_at_hand AS h
    WHERE h.shard = batch_holding.shard AND h.last_position >= batch_holding.position
    ORDER BY h.last_position
    LIMIT 1
  ) AS b
  CROSS JOIN LATERAL log.chain_before(batch_holding.shard, b.first_position) AS p
  WHERE b.first_position <= batch_holding.position
$$;
