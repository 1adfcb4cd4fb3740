-- The voids, up to a position, that take requests of a span of a project and mode: first <= timestamp < beyond, in milliseconds since 1970
-- like the voids' own bounds. Of two that reach a request, the one with the lower `position` took it.
CREATE OR REPLACE FUNCTION log.voids_of_span(
  shard integer, project_id uuid, mode text, upto bigint, first bigint, beyond bigint
)
RETURNS TABLE ("from" bigint, "to" bigint, upto_position bigint, void_position bigint, void_id uuid)
LANGUAGE sql
STABLE
AS $$
  SELECT v."from", v."to", v.upto_position, v.position, v.void_id
  FROM log.voids AS v
  WHERE v.shard = voids_of_span.shard AND v.project_id = voids_of_span.project_id AND v.mode = voids_of_span.mode
    AND v.position <= voids_of_span.upto AND v."to" > voids_of_span.first AND v."from" < voids_of_span.beyond
$$;
