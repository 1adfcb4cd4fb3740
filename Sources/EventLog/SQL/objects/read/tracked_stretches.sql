-- Requests of a project and mode by where they lie: of each stretch asked for, the units of the batch that ends at `batches` with what they
-- hold of the positions `firsts` to `lasts`, as text for who takes it apart elsewhere. `n` is the stretch's place, from 1; `skipped` is how
-- many of the unit's requests lie before the first of `events`, which is at `position`; ids and ordinals are those of `events`.
-- A stretch that holds no request gives no row. Of archived months, what the transaction has at hand.
--
-- Most of what it costs is to decompress each batch, so that is done once, and nothing of a batch is copied but what is asked for. In PL/pgSQL,
-- which keeps the plan.
CREATE OR REPLACE FUNCTION log.tracked_stretches(
  shard integer, project_id uuid, mode text, batches bigint[], firsts bigint[], lasts bigint[]
)
RETURNS TABLE (
  n bigint, "position" bigint, skipped integer, key_id uuid, recorded_at timestamptz, batch_id uuid, event_ids text,
  ordinals text, events text
)
LANGUAGE plpgsql
STABLE
-- Through the batches' key, whatever the planner thinks of a month that it has no statistics of yet.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
-- A batch is far too large to be remembered by.
SET enable_memoize = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT a.n, u.first + s."from", s."from", (b.events #>> ARRAY[u.k, 'key_id'])::uuid, b.recorded_at,
    (b.events #>> ARRAY[u.k, 'batch_id'])::uuid,
    CASE WHEN b.events #> ARRAY[u.k, 'event_ids'] IS NOT NULL THEN
      jsonb_path_query_array(b.events, '$[$k].event_ids[$from to $to]', r.range)
    END::text,
    CASE WHEN b.events #> ARRAY[u.k, 'ordinals'] IS NOT NULL THEN
      jsonb_path_query_array(b.events, '$[$k].ordinals[$from to $to]', r.range)
    END::text,
    log.upcast(
      b.events #>> ARRAY[u.k, 'type'], (b.events #>> ARRAY[u.k, 'version'])::integer,
      jsonb_path_query_array(b.events, '$[$k].data[$from to $to]', r.range))::text
  FROM unnest(tracked_stretches.batches, tracked_stretches.firsts, tracked_stretches.lasts)
    WITH ORDINALITY AS a (batch, first, last, n)
  -- A subquery of its own for each stretch: joined, the view, which also unfolds the archive's batches, would be read whole. The path to all
  -- of the events gives them as they are, decompressed.
  CROSS JOIN LATERAL (
    SELECT h.recorded_at, jsonb_path_query_first(h.events, '$') AS events
    FROM log.batches_at_hand AS h
    WHERE h.shard = tracked_stretches.shard AND h.last_position = a.batch
    OFFSET 0
  ) AS b
  CROSS JOIN LATERAL generate_series(0, jsonb_array_length(b.events) - 1) AS g (k)
  -- Kept apart, so that each is told once.
  CROSS JOIN LATERAL (
    SELECT g.k::text AS k, (b.events #>> ARRAY[g.k::text, 'position'])::bigint AS first
    WHERE b.events #>> ARRAY[g.k::text, 'type'] = 'request_tracked'
      AND b.events #>> ARRAY[g.k::text, 'mode'] = tracked_stretches.mode
      AND (b.events #>> ARRAY[g.k::text, 'project_id'])::uuid = tracked_stretches.project_id
    OFFSET 0
  ) AS u
  CROSS JOIN LATERAL (
    SELECT greatest(a.first - u.first, 0)::integer AS "from", least(
      a.last - u.first,
      jsonb_path_query_first(b.events, '$[$k].data.size()', jsonb_build_object('k', g.k))::bigint - 1)::integer AS "to"
    WHERE u.first <= a.last
    OFFSET 0
  ) AS s
  CROSS JOIN LATERAL (
    SELECT jsonb_build_object('k', g.k, 'from', s."from", 'to', s."to") AS range
    WHERE s."from" <= s."to"
    OFFSET 0
  ) AS r;
END
$$;
