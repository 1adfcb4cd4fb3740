-- What log.read_counted() gives, a unit at a time and as text, for who takes it apart elsewhere: `events` is an array of requests, the
-- first of them at `position`. In no particular order.
CREATE OR REPLACE FUNCTION log.counted_texts(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (project_id uuid, mode text, key_id uuid, "position" bigint, events text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.project_id, u.mode, u.key_id, u.position, u.data::text
  FROM log.read_units(counted_texts.shard, counted_texts.after, counted_texts.upto) AS u
  WHERE u.type = 'request_tracked'
    AND (u.project_id, u.mode) NOT IN (
      SELECT v.project_id, v.mode
      FROM log.voids_of_cut(counted_texts.shard, counted_texts.after, counted_texts.upto, counted_texts.foresight) AS v)
  UNION ALL
  SELECT c.project_id, c.mode, c.key_id, c.position, jsonb_build_array(c.event)::text
  FROM log.read_beside_voids(
    counted_texts.shard, counted_texts.after, counted_texts.upto, counted_texts.foresight) AS c
$$;
