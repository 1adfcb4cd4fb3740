-- Where the batches of a stretch of a shard's log end, after < position <= upto, in order. Of archived months, what the transaction has
-- at hand.
CREATE OR REPLACE FUNCTION log.batch_ends(shard integer, after bigint, upto bigint)
RETURNS TABLE (last_position bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT b.last_position
  FROM log.batches_at_hand AS b
  WHERE b.shard = batch_ends.shard AND b.last_position > batch_ends.after AND b.last_position <= batch_ends.upto
  ORDER BY b.last_position
$$;
