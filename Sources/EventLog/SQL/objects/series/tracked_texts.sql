-- The requests of a cut, voided or not, a unit at a time and as text, for who takes it apart elsewhere: `events` is an array of requests, the
-- first of them at `position`. In no particular order. What counts of them: log.counted_texts().
CREATE OR REPLACE FUNCTION log.tracked_texts(shard integer, after bigint, upto bigint)
RETURNS TABLE (project_id uuid, mode text, key_id uuid, "position" bigint, events text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.project_id, u.mode, u.key_id, u.position, u.data::text
  FROM log.read_units(tracked_texts.shard, tracked_texts.after, tracked_texts.upto) AS u
  WHERE u.type = 'request_tracked'
$$;
