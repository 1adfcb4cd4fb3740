-- For projections that count requests one by one: how voids (log.voids) come into what they count.
--
-- Applied is after < position <= upto. `foresight` is the position up to which voids are known from the first event on: a rebuild or a
-- replay never counts what a void takes later anyway, and so need not read it again, which it could not once those months are
-- archived. A void beyond the foresight is news when its position is reached: the days that it touches are then counted
-- again, from the log. Both ways, and wherever the cuts lie, the same requests are counted in the end.

-- The requests that count now, of the projects and modes that log.voids_of_cut() names: the cut's own, and those of the days
-- counted again, however long ago they were recorded. Without voids, which is nearly always, it costs one look at an index. In
-- PL/pgSQL, so that the statements that call it are planned as if it gave nothing.
CREATE OR REPLACE FUNCTION log.read_beside_voids(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (
  project_id uuid, mode text, key_id uuid, recorded_at timestamptz, "position" bigint, id uuid, ordinal integer, event jsonb
)
LANGUAGE plpgsql
STABLE
ROWS 1
AS $$
#variable_conflict use_column
DECLARE
  start bigint := (
    SELECT CASE WHEN bool_or(c.is_news) THEN 0 ELSE read_beside_voids.after END
    FROM log.voids_of_cut(
      read_beside_voids.shard, read_beside_voids.after, read_beside_voids.upto, read_beside_voids.foresight) AS c
    HAVING count(*) > 0);
BEGIN
  IF start IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH voids AS MATERIALIZED (
    SELECT v.project_id, v.mode, v."from", v."to", v.upto_position
    FROM log.voids AS v
    WHERE v.shard = read_beside_voids.shard AND v.position <= greatest(read_beside_voids.upto, read_beside_voids.foresight)
  ), concerned AS MATERIALIZED (
    SELECT c.*
    FROM log.voids_of_cut(
      read_beside_voids.shard, read_beside_voids.after, read_beside_voids.upto, read_beside_voids.foresight) AS c
  ), units AS (
    SELECT u.*
    FROM log.read_units(read_beside_voids.shard, start, read_beside_voids.upto) AS u
    WHERE u.type = 'request_tracked'
      AND EXISTS (
        SELECT FROM concerned AS c
        WHERE c.project_id = u.project_id AND c.mode = u.mode
          AND (u.position > read_beside_voids.after
            OR c.is_news
              AND u.month BETWEEN log.month_of(c.first_day * 86400000) AND log.month_of(c.last_day * 86400000)))
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event
  )
  SELECT u.project_id, u.mode, u.key_id, u.recorded_at, t.position,
    coalesce(u.unit -> 'event_ids' ->> (e.k - 1)::integer, u.unit ->> 'batch_id')::uuid,
    CASE
      WHEN u.unit ? 'event_ids' THEN 0
      ELSE coalesce((u.unit -> 'ordinals' ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer)
    END,
    e.event
  FROM units AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  CROSS JOIN LATERAL (SELECT (e.event -> 'timestamp')::bigint AS at, u.position + e.k - 1 AS position) AS t
  WHERE (t.position > read_beside_voids.after
      OR EXISTS (
        SELECT FROM concerned AS c
        WHERE c.is_news AND c.project_id = u.project_id AND c.mode = u.mode
          AND t.at / 86400000 BETWEEN c.first_day AND c.last_day))
    AND NOT EXISTS (
      SELECT FROM voids AS v
      WHERE v.project_id = u.project_id AND v.mode = u.mode
        AND log.is_taken(v."from", v."to", v.upto_position, t.at, t.position));
END
$$;
