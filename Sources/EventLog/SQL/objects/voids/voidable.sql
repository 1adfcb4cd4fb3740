-- How many tracked requests of a span count still, of those recorded at after < position <= upto, by month, day and key: what a void
-- of it would take there. A day is UTC's of the timestamp, counted from 1970-01-01. Both must be some batch's last position. Whoever voids walks the shard in steps (Voiding.swift).
CREATE OR REPLACE FUNCTION log.voidable(
  shard integer, project_id uuid, mode text, "from" bigint, "to" bigint, after bigint, upto bigint
)
RETURNS TABLE (month text, day bigint, key_id uuid, events bigint)
LANGUAGE sql
STABLE
AS $$
  WITH earlier AS MATERIALIZED (
    SELECT v."from", v."to", v.upto_position
    FROM log.voids AS v
    WHERE v.shard = voidable.shard AND v.project_id = voidable.project_id AND v.mode = voidable.mode
  )
  SELECT u.month, t.at / 86400000, u.key_id, count(*)
  FROM (
    SELECT u.month, u.key_id, u.position, u.data
    FROM log.read_units(voidable.shard, voidable.after, voidable.upto) AS u
    WHERE u.type = 'request_tracked' AND u.project_id = voidable.project_id AND u.mode = voidable.mode
      AND u.month BETWEEN log.month_of(voidable."from") AND log.month_of(voidable."to" - 1)
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event
  ) AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  CROSS JOIN LATERAL (SELECT (e.event -> 'timestamp')::bigint AS at, u.position + e.k - 1 AS position) AS t
  WHERE t.at >= voidable."from" AND t.at < voidable."to"
    AND NOT EXISTS (
      SELECT FROM earlier AS v WHERE log.is_taken(v."from", v."to", v.upto_position, t.at, t.position))
  GROUP BY u.month, t.at / 86400000, u.key_id
  ORDER BY u.month, t.at / 86400000, u.key_id
$$;
