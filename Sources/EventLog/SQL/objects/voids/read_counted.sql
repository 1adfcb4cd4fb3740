-- The requests that a cut adds to what counts, one by one: its own that no void takes, and all of those of the days that are counted
-- again (log.days_counted_again), which the caller has forgotten before. For every projection that counts requests: `foresight` is its $4.
--
-- Inlined into the calling statement, so that columns which it does not use cost nothing.
CREATE OR REPLACE FUNCTION log.read_counted(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (
  project_id uuid, mode text, key_id uuid, recorded_at timestamptz, "position" bigint, id uuid, ordinal integer, event jsonb
)
LANGUAGE sql
STABLE
AS $$
  SELECT u.project_id, u.mode, u.key_id, u.recorded_at, u.position + e.k - 1,
    coalesce(u.event_ids ->> (e.k - 1)::integer, u.batch_id)::uuid,
    CASE
      WHEN u.event_ids IS NOT NULL THEN 0
      ELSE coalesce((u.ordinals ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer)
    END,
    e.event
  FROM (
    SELECT u.project_id, u.mode, u.key_id, u.recorded_at, u.position,
      u.unit ->> 'batch_id' AS batch_id, u.unit -> 'event_ids' AS event_ids, u.unit -> 'ordinals' AS ordinals, u.data
    FROM log.read_units(read_counted.shard, read_counted.after, read_counted.upto) AS u
    WHERE u.type = 'request_tracked'
      AND (u.project_id, u.mode) NOT IN (
        SELECT v.project_id, v.mode
        FROM log.voids_of_cut(read_counted.shard, read_counted.after, read_counted.upto, read_counted.foresight) AS v)
    OFFSET 0 -- keeps this apart: what a unit's events share is read once per unit, not per event (half the cost)
  ) AS u
  CROSS JOIN LATERAL jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  UNION ALL
  SELECT c.project_id, c.mode, c.key_id, c.recorded_at, c.position, c.id, c.ordinal, c.event
  FROM log.read_beside_voids(read_counted.shard, read_counted.after, read_counted.upto, read_counted.foresight) AS c
$$;
