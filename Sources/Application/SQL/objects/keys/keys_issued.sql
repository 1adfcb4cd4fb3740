-- The keys among what a project gave out: asked by servers of the release before, which go on while this one is put in their place.
CREATE OR REPLACE FUNCTION operations.keys_issued(shard integer, stream text)
RETURNS TABLE (key_id uuid, actor_id uuid)
LANGUAGE sql
STABLE
AS $$
  SELECT g.id, g.actor_id
  FROM operations.given_out(keys_issued.shard, keys_issued.stream) AS g
  WHERE g.type = 'key_issued'
$$;
