-- The void that took a request out of what counts, by the request's own timestamp (milliseconds since 1970) and position: the first of those
-- that reach it. No row for one that counts.
CREATE OR REPLACE FUNCTION log.void_taking(shard integer, project_id uuid, mode text, at bigint, "position" bigint)
RETURNS TABLE (void_position bigint, recorded_at timestamptz, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT v.position, e.recorded_at,
    (log.upcast(e.unit ->> 'type', (e.unit ->> 'version')::integer, e.unit -> 'data') -> 0)::text
  FROM (
    SELECT w.position
    FROM log.voids AS w
    WHERE w.shard = void_taking.shard AND w.project_id = void_taking.project_id AND w.mode = void_taking.mode
      AND log.is_taken(w."from", w."to", w.upto_position, void_taking.at, void_taking.position)
    ORDER BY w.position
    LIMIT 1
  ) AS v
  CROSS JOIN LATERAL (
    -- Of an archived month: kept as a domain event is.
    SELECT a.recorded_at, a.unit
    FROM log.archived_streams AS a
    WHERE a.shard = void_taking.shard AND a.position = v.position
    UNION ALL
    SELECT b.recorded_at, u
    FROM (
      SELECT c.recorded_at, c.events
      FROM log.batches AS c
      WHERE c.shard = void_taking.shard AND c.last_position >= v.position
      ORDER BY c.last_position
      LIMIT 1
    ) AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u
    WHERE (u ->> 'position')::bigint = v.position
    LIMIT 1
  ) AS e
$$;
