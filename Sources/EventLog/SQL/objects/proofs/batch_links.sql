-- The links of a shard's chain after a position, in order, at most so many, as far as they are in the database: months leave it only
-- when the Merkle tree has taken them in.
CREATE OR REPLACE FUNCTION log.batch_links(shard integer, after bigint, most integer)
RETURNS TABLE (last_position bigint, hash bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT b.last_position, b.hash
  FROM log.batches AS b
  WHERE b.shard = batch_links.shard AND b.last_position > batch_links.after
  ORDER BY b.last_position
  LIMIT batch_links.most
$$;
