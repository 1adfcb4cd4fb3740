-- What is another one whenever anything is of which answers about a shard's accounts are made: the log as far as it has come, how far some read
-- models have followed it, and what has been signed of it. One row; no table of a read model is looked at.
CREATE OR REPLACE FUNCTION projector.version_of(shard integer, projections text[])
RETURNS TABLE (version bytea)
LANGUAGE sql
STABLE
AS $$
  SELECT sha256(convert_to(
    h.last_position || ' ' || encode(h.last_hash, 'hex') || '|' || coalesce((
      -- Which transaction wrote a row, and where it lies: PostgreSQL changes them with every change of a row, so that a read model that was built anew
      -- and has come as far is another.
      SELECT string_agg(concat_ws(' ', p.projection, p.position, p.definition, p.xmin, p.ctid), ',' ORDER BY p.projection)
      FROM projector.progress AS p
      WHERE p.shard = version_of.shard AND p.projection = ANY (version_of.projections)
    ), '') || '|' || coalesce((
      SELECT concat_ws(' ', c.tree_size, c.key_id, extract(epoch FROM c.signed_at))
      FROM log.checkpoints AS c
      WHERE c.shard = version_of.shard
      ORDER BY c.tree_size DESC, c.signed_at DESC
      LIMIT 1
    ), ''), 'UTF8')) AS version
  FROM log.heads AS h
  WHERE h.shard = version_of.shard
$$;
