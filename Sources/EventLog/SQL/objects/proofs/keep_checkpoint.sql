-- Keeps a checkpoint that was signed, and returns the one that is published for that size and key: the first in stays, however
-- many servers sign at once.
CREATE OR REPLACE FUNCTION log.keep_checkpoint(
  shard integer, tree_size bigint, key_id text, "position" bigint, hash bytea, root bytea, signed_at timestamptz, note text
) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO log.checkpoints (shard, tree_size, key_id, position, hash, root, signed_at, note)
  VALUES (
    keep_checkpoint.shard, keep_checkpoint.tree_size, keep_checkpoint.key_id, keep_checkpoint.position,
    keep_checkpoint.hash, keep_checkpoint.root, keep_checkpoint.signed_at, keep_checkpoint.note)
  ON CONFLICT DO NOTHING;
  RETURN (
    SELECT c.note FROM log.checkpoints AS c
    WHERE c.shard = keep_checkpoint.shard AND c.tree_size = keep_checkpoint.tree_size
      AND c.key_id = keep_checkpoint.key_id);
END
$$;
