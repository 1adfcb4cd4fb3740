-- What log.tracked_stretches() gives, with the ids and ordinals of whole units, for servers of the last release that go on while a log is migrated.
-- Requests of a project and mode by where they lie: of each stretch asked for, the units of the batch that ends at `batches` with what they
-- hold of the positions `firsts` to `lasts`, as text for who takes it apart elsewhere. `n` is the stretch's place, from 1; `skipped` is how
-- many of the unit's requests lie before the first of `events`, which is at `position`; ids and ordinals are those of the whole unit.
-- A stretch that holds no request gives no row. Of archived months, what the transaction has at hand.
CREATE OR REPLACE FUNCTION log.tracked_units(
  shard integer, project_id uuid, mode text, batches bigint[], firsts bigint[], lasts bigint[]
)
RETURNS TABLE (
  n bigint, "position" bigint, skipped integer, key_id uuid, recorded_at timestamptz, batch_id uuid, event_ids text,
  ordinals text, events text
)
LANGUAGE sql
STABLE
-- Through the batches' key, whatever the planner thinks of a month that it has no statistics of yet.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
  SELECT a.n, p.first + s."from", s."from"::integer, (u.unit ->> 'key_id')::uuid, b.recorded_at,
    (u.unit ->> 'batch_id')::uuid, (u.unit -> 'event_ids')::text, (u.unit -> 'ordinals')::text,
    CASE
      WHEN s."to" - s."from" + 1 = p.count THEN p.data
      ELSE jsonb_path_query_array(
        p.data, '$[$from to $to]', jsonb_build_object('from', s."from", 'to', s."to"))
    END::text
  FROM unnest(tracked_units.batches, tracked_units.firsts, tracked_units.lasts)
    WITH ORDINALITY AS a (batch, first, last, n)
  -- A subquery of its own for each stretch: joined, the view, which also unfolds the archive's batches, would be read whole.
  CROSS JOIN LATERAL (
    SELECT h.recorded_at, h.events
    FROM log.batches_at_hand AS h
    WHERE h.shard = tracked_units.shard AND h.last_position = a.batch
    OFFSET 0
  ) AS b
  CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u (unit)
  CROSS JOIN LATERAL (
    SELECT (u.unit ->> 'position')::bigint AS first, jsonb_array_length(u.unit -> 'data') AS count,
      log.upcast(u.unit ->> 'type', (u.unit ->> 'version')::integer, u.unit -> 'data') AS data
  ) AS p
  CROSS JOIN LATERAL (
    SELECT greatest(a.first - p.first, 0) AS "from", least(a.last - p.first, p.count - 1) AS "to"
  ) AS s
  WHERE u.unit ->> 'type' = 'request_tracked' AND u.unit ->> 'mode' = tracked_units.mode
    AND (u.unit ->> 'project_id')::uuid = tracked_units.project_id
    AND s."from" <= s."to"
$$;
