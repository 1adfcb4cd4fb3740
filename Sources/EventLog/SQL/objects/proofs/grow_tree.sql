-- Takes batches that a shard's tree does not know yet into it, at most so many, and says how far it then goes; called until it
-- adds none. SECURITY DEFINER: nobody writes the tree but through it, and what it writes comes from the batches alone.
--
-- To be called with synchronous_commit on: the batches it saw were committed before it, so its own commit, once durable, makes
-- sure that they are. Nothing may be signed that a crash could take back.
--
-- Errors: RC410 the log does not go on from where the tree ends: its history was changed or lost.
CREATE OR REPLACE FUNCTION log.grow_tree(shard integer, most integer)
RETURNS TABLE (tree_size bigint, last_position bigint, added bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  before bigint;
  after_position bigint;
  after_hash bytea;
  goes_on boolean;
  total bigint;
  height integer := 1;
BEGIN
  -- Two servers growing one tree: the second waits, and goes on from where the first came to.
  PERFORM pg_advisory_xact_lock(hashtext('recount tree'), grow_tree.shard);
  SELECT t.index + 1, t.last_position, t.hash INTO before, after_position, after_hash
  FROM log.tree AS t
  WHERE t.shard = grow_tree.shard AND t.level = 0
  ORDER BY t.index DESC
  LIMIT 1;
  before := coalesce(before, 0);
  after_position := coalesce(after_position, 0);
  after_hash := coalesce(after_hash, decode(repeat('00', 32), 'hex'));
  -- The next batch hangs on the last leaf; where there is none, the head is that leaf.
  SELECT coalesce(b.first_position = after_position + 1 AND b.hash = log.batch_hash(
      after_hash, b.shard, b.first_position, b.last_position, b.recorded_at, b.events::text),
    (h.last_position, h.last_hash) = (after_position, after_hash))
  INTO goes_on
  FROM log.heads AS h
  LEFT JOIN LATERAL (
    SELECT n.* FROM log.batches AS n
    WHERE n.shard = h.shard AND n.last_position > after_position
    ORDER BY n.last_position
    LIMIT 1
  ) AS b ON true
  WHERE h.shard = grow_tree.shard;
  IF goes_on IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = 'RC410',
      MESSAGE = format('shard %s does not go on from position %s as its Merkle tree has it', grow_tree.shard, after_position);
  END IF;
  INSERT INTO log.tree (shard, level, index, last_position, hash)
  SELECT grow_tree.shard, 0, before + row_number() OVER (ORDER BY l.last_position) - 1, l.last_position, l.hash
  FROM log.batch_links(grow_tree.shard, after_position, grow_tree.most) AS l;
  GET DIAGNOSTICS added = ROW_COUNT;
  total := before + added;
  -- Level by level, the pairs that became whole.
  WHILE total >> height > before >> height LOOP
    INSERT INTO log.tree (shard, level, index, last_position, hash)
    SELECT l.shard, height, l.index / 2, r.last_position, log.node_hash(height, l.hash, r.hash)
    FROM log.tree AS l
    JOIN log.tree AS r ON r.shard = l.shard AND r.level = l.level AND r.index = l.index + 1
    WHERE l.shard = grow_tree.shard AND l.level = height - 1
      AND l.index >= (before >> height) * 2 AND l.index < (total >> height) * 2 AND l.index % 2 = 0;
    height := height + 1;
  END LOOP;
  tree_size := total;
  last_position := coalesce((
    SELECT t.last_position FROM log.tree AS t
    WHERE t.shard = grow_tree.shard AND t.level = 0 AND t.index = total - 1), 0);
  RETURN NEXT;
END
$$;
