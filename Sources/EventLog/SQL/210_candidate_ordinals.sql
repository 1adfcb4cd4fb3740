-- The ordinals of a unit's events that have not been accepted before, in order.
CREATE OR REPLACE FUNCTION log.candidate_ordinals(d log.decision) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT array_agg(o ORDER BY o)
  FROM unnest(coalesce((d).ordinals, ARRAY(SELECT generate_series(0, (d).given - 1)))) AS o
  WHERE NOT coalesce(o <@ (d).seen_accepted, (d).seen)
$$;

-- A unit's text reduced to its accepted events, which then no longer stand at their index: their ordinals are stored.
CREATE OR REPLACE FUNCTION log.reduce_unit(unit text, d log.decision) RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
  WITH kept AS (
    SELECT o FROM unnest((log.candidate_ordinals(d))[: (d).accepted]) AS o
  ), events AS (
    SELECT coalesce((d).ordinals[k], (k - 1)::integer) AS ordinal, event
    FROM jsonb_array_elements(unit::jsonb -> 'data') WITH ORDINALITY AS e (event, k)
  )
  SELECT (unit::jsonb || jsonb_build_object(
    'ordinals', jsonb_agg(e.ordinal ORDER BY e.ordinal), 'data', jsonb_agg(e.event ORDER BY e.ordinal)))::text
  FROM events AS e JOIN kept ON kept.o = e.ordinal
$$;

-- A unit that single events share, reduced to those that were accepted, in order.
CREATE OR REPLACE FUNCTION log.reduce_shared_unit(unit text, accepted boolean[]) RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
  WITH kept AS (
    SELECT k, event, unit::jsonb -> 'event_ids' -> (k - 1)::integer AS id
    FROM jsonb_array_elements(unit::jsonb -> 'data') WITH ORDINALITY AS e (event, k)
    WHERE accepted[k]
  )
  SELECT (unit::jsonb
    || CASE WHEN unit::jsonb ? 'event_ids' THEN jsonb_build_object('event_ids', jsonb_agg(k.id ORDER BY k.k)) ELSE '{}' END
    || jsonb_build_object('data', jsonb_agg(k.event ORDER BY k.k)))::text
  FROM kept AS k
$$;
